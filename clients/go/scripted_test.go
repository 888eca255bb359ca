package onduty_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// lasting is longer than any test: a deadline of this length does not run out in one.
const lasting = 10 * time.Minute

// scripted is a gRPC server of this test's own, on a real socket. It is for what the service cannot be made to do on demand: TLS,
// refused tokens, silence, frames of a newer version, certain ends of a stream.
type scripted struct {
	ondutyv1.UnimplementedRouterServiceServer
	ondutyv1.UnimplementedWorkspaceServiceServer

	// begin holds back every WatchStaff until it is closed. Nil: nothing is held back.
	begin chan struct{}
	// watch serves one WatchStaff; its number counts from 1.
	watch func(number int, request *ondutyv1.WatchStaffRequest, stream grpc.ServerStreamingServer[ondutyv1.WatchStaffResponse]) error
	// attach serves one Attach.
	attach func(request *ondutyv1.AttachRequest, stream grpc.ServerStreamingServer[ondutyv1.AttachResponse]) error
	// colleagues serves one WatchColleagues.
	colleagues func(
		request *ondutyv1.WatchColleaguesRequest, stream grpc.ServerStreamingServer[ondutyv1.WatchColleaguesResponse],
	) error
	// claimed serves ClaimStaff.
	claimed func(request *ondutyv1.ClaimStaffRequest) (*ondutyv1.ClaimStaffResponse, error)
	// breakReasons serves ListBreakReasons.
	breakReasons func(request *ondutyv1.ListBreakReasonsRequest) (*ondutyv1.ListBreakReasonsResponse, error)
	// started serves ReportCallStarted.
	started func(ctx context.Context, request *ondutyv1.ReportCallStartedRequest) error

	watches atomic.Int32
}

func (s *scripted) WatchStaff(
	request *ondutyv1.WatchStaffRequest, stream grpc.ServerStreamingServer[ondutyv1.WatchStaffResponse],
) error {
	if s.begin != nil {
		select {
		case <-s.begin:
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
	return s.watch(int(s.watches.Add(1)), request, stream)
}

func (s *scripted) Attach(request *ondutyv1.AttachRequest, stream grpc.ServerStreamingServer[ondutyv1.AttachResponse]) error {
	return s.attach(request, stream)
}

func (s *scripted) WatchColleagues(
	request *ondutyv1.WatchColleaguesRequest, stream grpc.ServerStreamingServer[ondutyv1.WatchColleaguesResponse],
) error {
	return s.colleagues(request, stream)
}

func (s *scripted) ClaimStaff(_ context.Context, request *ondutyv1.ClaimStaffRequest) (*ondutyv1.ClaimStaffResponse, error) {
	return s.claimed(request)
}

func (s *scripted) ListBreakReasons(
	_ context.Context, request *ondutyv1.ListBreakReasonsRequest,
) (*ondutyv1.ListBreakReasonsResponse, error) {
	return s.breakReasons(request)
}

func (s *scripted) ReportCallStarted(
	ctx context.Context, request *ondutyv1.ReportCallStartedRequest,
) (*ondutyv1.ReportCallStartedResponse, error) {
	return &ondutyv1.ReportCallStartedResponse{}, s.started(ctx, request)
}

// serve serves the script on a free loopback port until the end of the test, and waits there for what it still does. A nil
// configuration means plain text.
func serve(t *testing.T, script *scripted, security *tls.Config) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	with := insecure.NewCredentials()
	if security != nil {
		with = credentials.NewTLS(security)
	}
	server := grpc.NewServer(grpc.Creds(with), grpc.WaitForHandlers(true), grpc.KeepaliveEnforcementPolicy(
		keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true},
	))
	ondutyv1.RegisterRouterServiceServer(server, script)
	ondutyv1.RegisterWorkspaceServiceServer(server, script)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		server.Stop()
		<-ended
	})
	return listener.Addr().String()
}

// connect connects for the length of the test. Times that the options leave open are so long that none runs out.
func connect(t *testing.T, options onduty.Options) *onduty.Connection {
	t.Helper()
	options.CallTimeout = cmp.Or(options.CallTimeout, patience)
	options.BookmarkInterval = cmp.Or(options.BookmarkInterval, time.Minute) // three of them are silence
	options.TrustLimit = cmp.Or(options.TrustLimit, lasting)
	connection, err := onduty.Connect(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
	})
	return connection
}

// connected is a connection to the real service, in a tenant of the test's own.
func connected(t *testing.T) *onduty.Connection {
	t.Helper()
	address, tenant := realserver.Shared(t)
	return connect(t, onduty.Options{Target: address, Tenant: tenant})
}

// soon is a context with the test's patience.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// next takes what must come from a channel.
func next[Thing any](t *testing.T, things <-chan Thing) Thing {
	t.Helper()
	select {
	case thing, open := <-things:
		if !open {
			t.Fatal("the channel was closed")
		}
		return thing
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	panic("not reached")
}

// until takes from a channel until what comes is what is wanted.
func until[Thing any](t *testing.T, things <-chan Thing, wanted func(Thing) bool) Thing {
	t.Helper()
	for {
		if thing := next(t, things); wanted(thing) {
			return thing
		}
	}
}

// becomes waits for something that nothing tells.
func becomes(t *testing.T, what string, true func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !true(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never became %s", what)
		}
	}
}

func header(ctx context.Context, key string) []string {
	received, _ := metadata.FromIncomingContext(ctx)
	return received.Get(key)
}

// create adds staff members of the group "sales".
func create(t *testing.T, connection *onduty.Connection, ids ...string) {
	t.Helper()
	admin := ondutyv1.NewAdminServiceClient(connection)
	for _, id := range ids {
		person := &ondutyv1.CreateStaffRequest{StaffId: id, SkillGroups: []*ondutyv1.SkillGroup{{Name: "sales"}}}
		if _, err := admin.CreateStaff(soon(t), person); err != nil {
			t.Fatal(err)
		}
	}
}

// signIn makes staff members available.
func signIn(t *testing.T, connection *onduty.Connection, ids ...string) {
	t.Helper()
	for _, id := range ids {
		workspace := onduty.NewWorkspaceClient(connection, id)
		if _, err := workspace.ChangeStatus(soon(t), ondutyv1.Status_STATUS_AVAILABLE, "", ""); err != nil {
			t.Fatal(err)
		}
	}
}
