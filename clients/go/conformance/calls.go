package main

// The verb call: methods that the client has by hand go through it, all others through the connection as the generated stubs do.

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// method is a method of the contract.
type method struct {
	name     string // "ClaimStaff"
	path     string // "/onduty.v1.RouterService/ClaimStaff"
	request  func() proto.Message
	response func() proto.Message
}

// findMethod finds "RouterService/ClaimStaff".
func findMethod(name string) (method, error) {
	service, short, _ := strings.Cut(name, "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("onduty.v1." + service))
	described, ok := found.(protoreflect.ServiceDescriptor)
	if err != nil || !ok {
		return method{}, driverError("no such service: %q", service)
	}
	one := described.Methods().ByName(protoreflect.Name(short))
	if one == nil {
		return method{}, driverError("no such method: %q", name)
	}
	request, err := maker(one.Input())
	if err != nil {
		return method{}, err
	}
	response, err := maker(one.Output())
	if err != nil {
		return method{}, err
	}
	return method{name: short, path: "/onduty.v1." + service + "/" + short, request: request, response: response}, nil
}

func maker(described protoreflect.MessageDescriptor) (func() proto.Message, error) {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(described.FullName())
	if err != nil {
		return nil, driverError("no generated message: %v", err)
	}
	return func() proto.Message { return kind.New().Interface() }, nil
}

func (d *driver) call(asked request) (func() (object, error), error) {
	opened, err := lookup(d, d.connections, "connection", asked.Connection)
	if err != nil {
		return nil, err
	}
	method, err := findMethod(asked.Method)
	if err != nil {
		return nil, err
	}
	message := method.request()
	if err := readMessage(asked.Request, message); err != nil {
		return nil, err
	}
	return func() (object, error) {
		ctx, cancel := limited(asked.Timeout)
		defer cancel()
		response, err := opened.ask(ctx, method, message)
		if err != nil {
			return nil, err
		}
		return object{"response": messageJSON(response)}, nil
	}, nil
}

// limited is a context with the request's timeout, if it has one.
func limited(seconds *float64) (context.Context, context.CancelFunc) {
	if seconds == nil {
		return context.WithCancel(context.Background())
	}
	return context.WithTimeout(context.Background(), duration(*seconds))
}

func (c *connection) ask(ctx context.Context, method method, message proto.Message) (proto.Message, error) {
	if response, err, done := c.askByHand(ctx, message); done {
		return response, err
	}
	response := method.response()
	return response, c.Invoke(ctx, method.path, message, response)
}
