package onduty

// One gRPC channel and what every call on it gets: metadata, deadline, request id, retries and errors. Of the methods it knows
// the one that asks what the server is.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed" // for the service config
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	grpcbackoff "google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

//go:embed gen/service_config.json
var serviceConfig string

const (
	tenantKey       = "onduty-tenant"
	actorKey        = "onduty-actor"
	tokenKey        = "authorization"
	requestIDField  = "request_id"
	pingAfter       = 15 * time.Second
	pingTimeout     = 10 * time.Second
	mostAnswerBytes = 64 << 20
	reconnectGrowth = 2
	reconnectJitter = 0.2
	reconnectFirst  = 100 * time.Millisecond
	// reconnectMost is with its jitter less than a second: so soon after a server's return the channel is there. Streams keep the
	// slower pace of their own backoff.
	reconnectMost  = 800 * time.Millisecond
	connectAtLeast = 2 * time.Second
	userAgent      = "onduty-go/" + Version
)

// Connection is one channel to the service. It is made at once and connects with the first call.
//
// It serves the generated stubs as well, with the same metadata, deadlines, retries and errors:
//
//	admin := ondutyv1.NewAdminServiceClient(connection)
type Connection struct {
	options Options
	channel *grpc.ClientConn

	mu     sync.Mutex
	closed bool
	open   map[ending]struct{}
	over   atomic.Bool // the parts have ended, and the channel with its calls ends
}

// ending is a part made from the connection that ends before it does.
type ending interface {
	end()
	runsHere() bool // in the goroutine of its handlers
}

var _ grpc.ClientConnInterface = (*Connection)(nil)

// Connect makes a connection. The error is an *OptionError.
func Connect(options Options) (*Connection, error) {
	options, err := options.complete()
	if err != nil {
		return nil, err
	}
	security, err := transportSecurity(options.TLS)
	if err != nil {
		return nil, err
	}
	channel, err := grpc.NewClient("dns:///"+options.Target, channelOptions(options, security)...)
	if err != nil {
		return nil, &OptionError{Option: "Target", Description: err.Error(), Cause: err}
	}
	return &Connection{options: options, channel: channel, open: map[ending]struct{}{}}, nil
}

func channelOptions(options Options, security credentials.TransportCredentials) []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithTransportCredentials(security),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDisableServiceConfig(), // what DNS says about it is not asked
		grpc.WithNoProxy(),
		grpc.WithIdleTimeout(0),
		grpc.WithUserAgent(userAgent),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(mostAnswerBytes)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: pingAfter, Timeout: pingTimeout, PermitWithoutStream: true,
		}),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff: grpcbackoff.Config{
				BaseDelay: reconnectFirst, Multiplier: reconnectGrowth, Jitter: reconnectJitter, MaxDelay: reconnectMost,
			},
			MinConnectTimeout: max(options.CallTimeout, connectAtLeast),
		}),
	}
}

func transportSecurity(wanted *TLSOptions) (credentials.TransportCredentials, error) {
	if wanted == nil {
		return insecure.NewCredentials(), nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: wanted.ServerName}
	if wanted.CAFile != "" {
		roots, err := os.ReadFile(wanted.CAFile)
		if err != nil {
			return nil, &OptionError{Option: "TLS.CAFile", Description: "cannot be read: " + err.Error(), Cause: err}
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(roots) {
			return nil, badOption("TLS.CAFile", "has no certificate in it")
		}
	}
	if wanted.CertFile != "" {
		own, err := tls.LoadX509KeyPair(wanted.CertFile, wanted.KeyFile)
		if err != nil {
			return nil, &OptionError{Option: "TLS.CertFile", Description: "is of no use: " + err.Error(), Cause: err}
		}
		config.Certificates = []tls.Certificate{own}
	}
	return credentials.NewTLS(config), nil
}

// Close ends the outboxes, floors and attachments made from the connection, waits for their handlers, then ends the channel.
// Calls under way fail. An outbox with facts in it delivers for CallTimeout more. It may be called twice. In a handler it begins
// the end and does not wait for it: the end waits for the handler.
func (c *Connection) Close() error {
	c.mu.Lock()
	c.closed = true
	inHandler := false
	for part := range c.open {
		inHandler = inHandler || part.runsHere()
	}
	c.mu.Unlock()
	if inHandler {
		go func() { _ = c.end() }() // a channel that does not close is told to whoever waits
		return nil
	}
	return c.end()
}

func (c *Connection) end() error {
	c.mu.Lock()
	parts := make([]ending, 0, len(c.open))
	for part := range c.open {
		parts = append(parts, part)
	}
	c.mu.Unlock()
	var parted sync.WaitGroup
	for _, part := range parts {
		parted.Add(1)
		go func() {
			defer parted.Done()
			part.end()
		}()
	}
	parted.Wait()
	c.over.Store(true)
	if err := c.channel.Close(); err != nil && status.Code(err) != codes.Canceled {
		return fmt.Errorf("onduty: the channel did not close: %w", err)
	}
	return nil
}

// adopt ends the part with the connection; an error where the connection is closed.
func (c *Connection) adopt(part ending) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return localError(codes.Canceled, "", "the connection is closed", nil)
	}
	c.open[part] = struct{}{}
	return nil
}

func (c *Connection) release(part ending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, part)
}

// ServerInfo asks what the server is: version, store, limits, and as whom it understood this connection. A server that is older
// than this call answers with an *UnsupportedError.
func (c *Connection) ServerInfo(ctx context.Context) (*ondutyv1.GetServerInfoResponse, error) {
	return ondutyv1.NewServerServiceClient(c).GetServerInfo(ctx, &ondutyv1.GetServerInfoRequest{})
}

// Invoke makes a unary call, for the generated stubs. A context without a deadline gets CallTimeout.
func (c *Connection) Invoke(ctx context.Context, method string, request, answer any, options ...grpc.CallOption) error {
	request, requestID := withRequestID(request)
	if _, set := ctx.Deadline(); !set {
		limited, cancel := context.WithTimeout(ctx, c.options.CallTimeout)
		defer cancel()
		ctx = limited
	}
	ctx, err := c.withMetadata(ctx)
	if err == nil {
		err = c.channel.Invoke(ctx, method, request, answer, options...)
	}
	return callError(ctx, err, requestID, c.over.Load())
}

// NewStream opens a stream, for the generated stubs. It has no deadline but the context's.
func (c *Connection) NewStream(
	ctx context.Context, description *grpc.StreamDesc, method string, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	ctx, err := c.withMetadata(ctx)
	if err != nil {
		return nil, callError(ctx, err, "", c.over.Load())
	}
	stream, err := c.channel.NewStream(ctx, description, method, options...)
	if err != nil {
		return nil, callError(ctx, err, "", c.over.Load())
	}
	return &typedStream{ClientStream: stream, opened: ctx, connection: c}, nil
}

// typedStream fails with errors of the tree; its end is io.EOF as ever.
type typedStream struct {
	grpc.ClientStream
	opened     context.Context // with which it was opened: the stream's own is cancelled at its end, whoever ends it
	connection *Connection
}

func (s *typedStream) SendMsg(message any) error {
	return s.told(s.ClientStream.SendMsg(message))
}

func (s *typedStream) RecvMsg(message any) error {
	return s.told(s.ClientStream.RecvMsg(message))
}

func (s *typedStream) told(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return callError(s.opened, err, "", s.connection.over.Load())
}

func (c *Connection) withMetadata(ctx context.Context) (context.Context, error) {
	token := c.options.Token
	if c.options.TokenFunc != nil {
		var err error
		if token, err = c.options.TokenFunc(ctx); err != nil {
			return ctx, localError(codes.Unauthenticated, "", "the token function failed: "+err.Error(), err)
		}
		if !printable(token) {
			return ctx, localError(codes.Unauthenticated, "", "the token function gave what is not printable ASCII", nil)
		}
	}
	if token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, tokenKey, "Bearer "+token)
	}
	if c.options.Tenant != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, tenantKey, c.options.Tenant)
	}
	if c.options.Actor != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, actorKey, c.options.Actor)
	}
	return ctx, nil
}

// withRequestID gives a request that has the field but no value in it a fresh id. The caller's message is left as it is.
func withRequestID(request any) (any, string) {
	message, ok := request.(proto.Message)
	if !ok {
		return request, ""
	}
	reflected := message.ProtoReflect()
	field := reflected.Descriptor().Fields().ByName(requestIDField)
	if field == nil || field.Kind() != protoreflect.StringKind {
		return request, ""
	}
	if given := reflected.Get(field).String(); given != "" {
		return request, given
	}
	requestID := uuid.NewString()
	copied := reflected.New()
	reflected.Range(func(one protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		copied.Set(one, value) // shallow: nothing below is written
		return true
	})
	copied.SetUnknown(reflected.GetUnknown())
	copied.Set(field, protoreflect.ValueOfString(requestID))
	return copied.Interface(), requestID
}
