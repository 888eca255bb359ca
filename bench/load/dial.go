package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

const (
	methodEcho   = "/onduty.bench.v1.Floor/Echo"
	methodStream = "/onduty.bench.v1.Floor/Stream"
	methodChange = "/onduty.v1.WorkspaceService/ChangeStatus"
	methodEvents = "/onduty.v1.RouterService/ReportCallEvents"
	methodWatch  = "/onduty.v1.RouterService/WatchStaff"
	methodList   = "/onduty.v1.RouterService/ListStaff"
	methodSums   = "/onduty.v1.HistoryService/SummarizeTime"
	methodGet    = "/onduty.v1.WorkspaceService/GetStaff"
	methodAttach = "/onduty.v1.WorkspaceService/Attach"
	methodPolicy = "/onduty.v1.AdminService/UpdatePolicy"
)

var (
	raw         = grpc.ForceCodecV2(rawCodec{})
	streamShape = grpc.StreamDesc{ServerStreams: true}
)

// dial makes a connection that uses no proxy. Messages of any size are taken. A fixed window stops a reader that stops.
func dial(target string, window int32) (*grpc.ClientConn, error) {
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithNoProxy(),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<30), raw),
	}
	if window > 0 {
		options = append(options, grpc.WithInitialWindowSize(window), grpc.WithInitialConnWindowSize(window))
	}
	return grpc.NewClient("passthrough:///"+target, options...)
}

// connections are several to the same server; calls take turns.
type connections []*grpc.ClientConn

func dialMany(target string, count int) (connections, error) {
	made := make(connections, 0, count)
	for range count {
		one, err := dial(target, 0)
		if err != nil {
			made.close()
			return nil, err
		}
		made = append(made, one)
	}
	return made, nil
}

func (c connections) close() {
	for _, one := range c {
		one.Close()
	}
}

// inTenant makes calls of the context go to a tenant.
func inTenant(ctx context.Context, tenant string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "onduty-tenant", tenant)
}

// openStream opens a server stream with the request given as bytes.
func openStream(ctx context.Context, connection *grpc.ClientConn, method string, request []byte) (grpc.ClientStream, error) {
	stream, err := connection.NewStream(ctx, &streamShape, method, raw)
	if err == nil {
		err = stream.SendMsg(&frame{request})
	}
	if err == nil {
		err = stream.CloseSend()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return stream, nil
}

type connection = *grpc.ClientConn

// settle makes a connection come up before it is measured.
func settle(ctx context.Context, one connection) error {
	one.Connect()
	for state := one.GetState(); state != connectivity.Ready; state = one.GetState() {
		if !one.WaitForStateChange(ctx, state) {
			return context.Cause(ctx)
		}
	}
	return nil
}
