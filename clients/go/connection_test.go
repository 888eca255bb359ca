package onduty_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// authority is a certificate authority made for one test.
type authority struct {
	t           *testing.T
	folder      string
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	made := &authority{t: t, folder: t.TempDir()}
	made.certificate = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	made.certificate, made.key = made.sign("ca", made.certificate)
	return made
}

// sign makes the files NAME.pem and NAME.key.
func (a *authority) sign(name string, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	parent, signer := a.certificate, a.key
	if signer == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	a.write(name+".pem", "CERTIFICATE", der)
	a.write(name+".key", "PRIVATE KEY", private)
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return certificate, key
}

func (a *authority) write(name, kind string, der []byte) {
	a.t.Helper()
	if err := os.WriteFile(a.file(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *authority) file(name string) string { return filepath.Join(a.folder, name) }

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// leaf makes a certificate for a DNS name and, where told, for the loopback address.
func (a *authority) leaf(name string, addresses ...net.IP) tls.Certificate {
	a.t.Helper()
	a.sign(name, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: addresses,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	pair, err := tls.LoadX509KeyPair(a.file(name+".pem"), a.file(name+".key"))
	if err != nil {
		a.t.Fatal(err)
	}
	return pair
}

// fine is a script that takes every call.
func fine() *scripted {
	return &scripted{started: func(context.Context, *ondutyv1.ReportCallStartedRequest) error { return nil }}
}

func report(t *testing.T, options onduty.Options) error {
	t.Helper()
	options.FactsFailFast = true
	_, err := onduty.NewRouterClient(connect(t, options)).CallStarted(soon(t), onduty.CallFact{StaffID: "kim", CallID: "c-1"})
	return err
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	var unavailable *onduty.UnavailableError
	if !errors.As(err, &unavailable) {
		t.Errorf("got %v, want an UnavailableError", err)
	}
}

// With the authority's file the server's certificate is checked against it.
func TestTLSTrustsTheFilesAuthority(t *testing.T) {
	ours := newAuthority(t)
	pair := ours.leaf("staff.example", net.IPv4(127, 0, 0, 1))
	address := serve(t, fine(), &tls.Config{Certificates: []tls.Certificate{pair}})
	if err := report(t, onduty.Options{Target: address, TLS: &onduty.TLSOptions{CAFile: ours.file("ca.pem")}}); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, report(t, onduty.Options{Target: address, TLS: &onduty.TLSOptions{CAFile: newAuthority(t).file("ca.pem")}}))
	wantUnavailable(t, report(t, onduty.Options{Target: address, TLS: &onduty.TLSOptions{}}))
}

// The server's name is checked instead of the host where one is given.
func TestTLSChecksTheServerName(t *testing.T) {
	ours := newAuthority(t)
	address := serve(t, fine(), &tls.Config{Certificates: []tls.Certificate{ours.leaf("staff.example")}})
	named := func(name string) onduty.Options {
		return onduty.Options{Target: address, TLS: &onduty.TLSOptions{CAFile: ours.file("ca.pem"), ServerName: name}}
	}
	if err := report(t, named("staff.example")); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, report(t, named("")))
	wantUnavailable(t, report(t, named("other.example")))
}

// With certificate and key the client shows who it is; a server that demands it refuses a client without.
func TestMutualTLSShowsTheClientsCertificate(t *testing.T) {
	ours := newAuthority(t)
	pair := ours.leaf("staff.example", net.IPv4(127, 0, 0, 1))
	ours.leaf("client")
	address := serve(t, fine(), &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientCAs: ours.pool(), ClientAuth: tls.RequireAndVerifyClientCert,
	})
	ca := ours.file("ca.pem")
	if err := report(t, onduty.Options{Target: address, TLS: &onduty.TLSOptions{
		CAFile: ca, CertFile: ours.file("client.pem"), KeyFile: ours.file("client.key"),
	}}); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, report(t, onduty.Options{Target: address, TLS: &onduty.TLSOptions{CAFile: ca}}))
}

// Every call carries the tenant, the actor and the token; a token function is asked for each.
func TestCallsCarryTenantActorAndToken(t *testing.T) {
	seen := make(chan []string, 10)
	script := &scripted{started: func(ctx context.Context, _ *ondutyv1.ReportCallStartedRequest) error {
		seen <- append(append(header(ctx, "onduty-tenant"), header(ctx, "onduty-actor")...), header(ctx, "authorization")...)
		return nil
	}}
	var asked atomic.Int32
	token := func(context.Context) (string, error) { return []string{"", "one", "two"}[asked.Add(1)], nil }
	connection := connect(t, onduty.Options{Target: serve(t, script, nil), Tenant: "north", Actor: "lea", TokenFunc: token})
	router := onduty.NewRouterClient(connection)
	for _, want := range []string{"Bearer one", "Bearer two"} {
		if _, err := router.CallStarted(soon(t), onduty.CallFact{}); err != nil {
			t.Fatal(err)
		}
		if got := next(t, seen); len(got) != 3 || got[0] != "north" || got[1] != "lea" || got[2] != want {
			t.Errorf("got %q", got)
		}
	}
}

// A token function that fails fails the call as an access error that wraps its own.
func TestFailingTokenFunctionFailsTheCall(t *testing.T) {
	broken := errors.New("the issuer is away")
	err := report(t, onduty.Options{
		Target: "127.0.0.1:1", TokenFunc: func(context.Context) (string, error) { return "", broken },
	})
	var access *onduty.AccessError
	if !errors.As(err, &access) || !errors.Is(err, broken) || access.RequestID == "" {
		t.Errorf("got %v", err)
	}
}

// A mutation without a request id gets one, a given one is kept, and the caller's message is not written to.
func TestMutationsHaveARequestID(t *testing.T) {
	seen := make(chan string, 10)
	script := &scripted{started: func(_ context.Context, request *ondutyv1.ReportCallStartedRequest) error {
		seen <- request.GetRequestId()
		return nil
	}}
	stub := ondutyv1.NewRouterServiceClient(connect(t, onduty.Options{Target: serve(t, script, nil)}))
	request := &ondutyv1.ReportCallStartedRequest{StaffId: "kim"}
	for _, given := range []string{"", "r-1"} {
		request.RequestId = given
		if _, err := stub.ReportCallStarted(soon(t), request); err != nil {
			t.Fatal(err)
		}
		if got := next(t, seen); len(got) != 36 && got != given || got == "" {
			t.Errorf("given %q, sent %q", given, got)
		}
		if request.GetRequestId() != given {
			t.Errorf("the caller's message now has %q", request.GetRequestId())
		}
	}
}

// UNAVAILABLE is retried with the same request id, at most four attempts in all.
func TestUnavailableIsRetriedWithTheSameRequestID(t *testing.T) {
	seen := make(chan string, 10)
	script := &scripted{started: func(_ context.Context, request *ondutyv1.ReportCallStartedRequest) error {
		seen <- request.GetRequestId()
		return status.Error(codes.Unavailable, "not now")
	}}
	err := report(t, onduty.Options{Target: serve(t, script, nil)})
	wantUnavailable(t, err)
	var root *onduty.OndutyError
	errors.As(err, &root)
	if len(seen) != 4 {
		t.Errorf("%d attempts", len(seen))
	}
	for range len(seen) {
		if got := <-seen; got != root.RequestID {
			t.Errorf("sent %q, the error says %q", got, root.RequestID)
		}
	}
}

// Nothing but UNAVAILABLE is retried.
func TestOtherFailuresAreNotRetried(t *testing.T) {
	var attempts atomic.Int32
	script := &scripted{started: func(context.Context, *ondutyv1.ReportCallStartedRequest) error {
		attempts.Add(1)
		return status.Error(codes.Aborted, "no")
	}}
	if err := report(t, onduty.Options{Target: serve(t, script, nil)}); err == nil || attempts.Load() != 1 {
		t.Errorf("%d attempts: %v", attempts.Load(), err)
	}
}

// A call has the connection's deadline, or that of its context where it has one.
func TestCallsHaveADeadline(t *testing.T) {
	hold := &scripted{started: func(ctx context.Context, _ *ondutyv1.ReportCallStartedRequest) error {
		<-ctx.Done()
		return ctx.Err()
	}}
	address := serve(t, hold, nil)
	short := onduty.NewRouterClient(connect(t, onduty.Options{Target: address, CallTimeout: 50 * time.Millisecond}))
	_, err := short.CallStarted(context.Background(), onduty.CallFact{})
	var late *onduty.TimedOutError
	if !errors.As(err, &late) || !errors.Is(err, context.DeadlineExceeded) || late.RequestID == "" {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	long := onduty.NewRouterClient(connect(t, onduty.Options{Target: address, CallTimeout: time.Hour}))
	if _, err := long.CallStarted(ctx, onduty.CallFact{}); !errors.As(err, &late) {
		t.Errorf("got %v", err)
	}
}

// A call that its caller gives up is CANCELLED, and context.Canceled as well.
func TestCancelledCallSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	script := &scripted{started: func(held context.Context, _ *ondutyv1.ReportCallStartedRequest) error {
		cancel()
		<-held.Done()
		return held.Err()
	}}
	router := onduty.NewRouterClient(connect(t, onduty.Options{Target: serve(t, script, nil)}))
	_, err := router.CallStarted(ctx, onduty.CallFact{})
	var root *onduty.OndutyError
	if !errors.As(err, &root) || root.Code != "CANCELLED" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A Canceled that nobody asked for, as of a server with too many calls: the call is made again, and what is left is Unavailable.
func TestCancelledByOthersIsUnavailable(t *testing.T) {
	cancelled := status.Error(codes.Canceled, "too many calls")
	var made atomic.Int32
	script := &scripted{
		started: func(context.Context, *ondutyv1.ReportCallStartedRequest) error {
			if made.Add(1) == 2 {
				return nil
			}
			return cancelled
		},
		watch: func(int, *ondutyv1.WatchStaffRequest, grpc.ServerStreamingServer[ondutyv1.WatchStaffResponse]) error {
			return cancelled
		},
	}
	connection := connect(t, onduty.Options{Target: serve(t, script, nil)})
	router := onduty.NewRouterClient(connection)
	if _, err := router.CallStarted(context.Background(), onduty.CallFact{}); err != nil || made.Load() != 2 {
		t.Errorf("got %v after %d attempts", err, made.Load())
	}
	_, err := router.CallStarted(context.Background(), onduty.CallFact{})
	wantUnavailable(t, err)
	stream, err := ondutyv1.NewRouterServiceClient(connection).WatchStaff(context.Background(), &ondutyv1.WatchStaffRequest{})
	if err == nil {
		_, err = stream.Recv()
	}
	wantUnavailable(t, err)
}

// A stream that its program or its connection ends is Canceled.
func TestStreamThatWeEndIsCancelled(t *testing.T) {
	for _, closes := range []bool{false, true} {
		open := make(chan struct{})
		script := &scripted{watch: func(
			_ int, _ *ondutyv1.WatchStaffRequest, stream grpc.ServerStreamingServer[ondutyv1.WatchStaffResponse],
		) error {
			close(open)
			<-stream.Context().Done()
			return nil
		}}
		connection := connect(t, onduty.Options{Target: serve(t, script, nil)})
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		stream, err := ondutyv1.NewRouterServiceClient(connection).WatchStaff(ctx, &ondutyv1.WatchStaffRequest{})
		if err != nil {
			t.Fatal(err)
		}
		<-open
		if closes {
			_ = connection.Close()
		} else {
			cancel()
		}
		var root *onduty.OndutyError
		if _, err := stream.Recv(); !errors.As(err, &root) || root.Code != "CANCELLED" {
			t.Errorf("closes: %v; got %v", closes, err)
		}
	}
}

// Nobody there is an UnavailableError, and the proxies of the environment are not asked.
func TestNobodyThereIsUnavailable(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	wantUnavailable(t, report(t, onduty.Options{Target: "127.0.0.1:1"}))
	if err := report(t, onduty.Options{Target: serve(t, fine(), nil)}); err != nil {
		t.Error(err)
	}
}

// After Close nothing can be opened or called, and closing again is fine.
func TestClosedConnectionTakesNothing(t *testing.T) {
	connection := connect(t, onduty.Options{Target: "127.0.0.1:1"})
	if err := connection.Close(); err != nil {
		t.Error(err)
	}
	var root *onduty.OndutyError
	router := onduty.NewRouterClient(connection)
	if _, err := router.Floor(nil, onduty.FloorOptions{}); !errors.As(err, &root) {
		t.Errorf("the floor: %v", err)
	}
	if err := onduty.NewWorkspaceClient(connection, "kim").Attach(); !errors.As(err, &root) {
		t.Errorf("the attachment: %v", err)
	}
	if _, err := router.Withdraw(soon(t), "claim", ondutyv1.WithdrawReason_WITHDRAW_REASON_UNSPECIFIED); !errors.As(err, &root) {
		t.Errorf("the call: %v", err)
	}
}
