package onduty

// What a connection can be told, with its bounds. This file opens no file and no socket.

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	defaultCallTimeout      = 5 * time.Second
	defaultBookmarkInterval = 5 * time.Second
	defaultTrustLimit       = 30 * time.Second
	defaultBackoffInitial   = 200 * time.Millisecond
	defaultBackoffMax       = 10 * time.Second

	leastBookmarkInterval = time.Second
	mostBookmarkInterval  = 60 * time.Second

	mostActorCharacters = 128
)

// Options say how to reach the service. Only Target is required; a field that is zero has its default.
type Options struct {
	// Target is the server's "host:port".
	Target string
	// Tenant is sent as the metadata key "onduty-tenant". Empty: not sent.
	Tenant string
	// Actor is who acts, sent as the metadata key "onduty-actor"; the history names it. 1-128 printable ASCII characters without
	// blanks around them. Empty: not sent.
	Actor string
	// Token is a bearer token, sent with every call. Empty: none. Not together with TokenFunc.
	Token string
	// TokenFunc gives the present bearer token; it is asked for every call and every stream. Its error fails the call with an
	// AccessError that wraps it. It must return when its context ends.
	TokenFunc func(context.Context) (string, error)
	// TLS says how to encrypt. Nil: plain text, which with a token is refused unless Target is a loopback address.
	TLS *TLSOptions
	// CallTimeout is the deadline of every unary call whose context has none. Default 5 s.
	CallTimeout time.Duration
	// BookmarkInterval is how often a quiet stream says that it lives, 1 s to 60 s. Default 5 s.
	BookmarkInterval time.Duration
	// TrustLimit is how long a floor that hears nothing still calls somebody available. Default 30 s.
	TrustLimit time.Duration
	// BackoffInitial is the first wait between attempts of a stream. Default 200 ms.
	BackoffInitial time.Duration
	// BackoffMax is the longest wait between attempts of a stream, not below BackoffInitial. Default 10 s.
	BackoffMax time.Duration
	// FactsFailFast lets calls that report facts fail at once where the server is not reached. False: they wait for it within their
	// deadline.
	FactsFailFast bool
}

// TLSOptions say how to check the server and who the client is. All files are PEM and are read when the connection is made.
type TLSOptions struct {
	// CAFile has the roots to trust. Empty: the system's.
	CAFile string
	// CertFile has the client's certificate chain, for mutual TLS. Only with KeyFile.
	CertFile string
	// KeyFile has the client's private key, for mutual TLS. Only with CertFile.
	KeyFile string
	// ServerName is the name to check in the server's certificate. Empty: the host of the target.
	ServerName string
}

// OptionError says that an option is out of its bounds. No connection was made.
type OptionError struct {
	// Option is the field's name, as "BookmarkInterval" or "TLS.CAFile".
	Option string
	// Description says what is wrong with it.
	Description string
	// Cause is the error underneath, as of a file that cannot be read. May be nil.
	Cause error
}

// Error is the sentence for people.
func (e *OptionError) Error() string {
	return fmt.Sprintf("onduty: option %s %s", e.Option, e.Description)
}

// Unwrap gives the cause.
func (e *OptionError) Unwrap() error { return e.Cause }

func badOption(option, format string, values ...any) error {
	return &OptionError{Option: option, Description: fmt.Sprintf(format, values...)}
}

// complete gives the options with their defaults, or an OptionError.
func (o Options) complete() (Options, error) {
	orDefault(&o.CallTimeout, defaultCallTimeout)
	orDefault(&o.BookmarkInterval, defaultBookmarkInterval)
	orDefault(&o.TrustLimit, defaultTrustLimit)
	orDefault(&o.BackoffInitial, defaultBackoffInitial)
	orDefault(&o.BackoffMax, max(defaultBackoffMax, o.BackoffInitial))
	for _, check := range []func(Options) error{checkTarget, checkIdentity, checkTimes} {
		if err := check(o); err != nil {
			return Options{}, err
		}
	}
	return o, nil
}

func orDefault(value *time.Duration, standard time.Duration) {
	if *value == 0 {
		*value = standard
	}
}

func checkTarget(o Options) error {
	host, port, err := net.SplitHostPort(o.Target)
	if err != nil || host == "" {
		return &OptionError{Option: "Target", Description: fmt.Sprintf("must be host:port, is %q", o.Target), Cause: err}
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
		return badOption("Target", "must have a port of 1-65535, is %q", o.Target)
	}
	return nil
}

func checkIdentity(o Options) error {
	switch {
	case !printable(o.Tenant):
		return badOption("Tenant", "must be of printable ASCII characters")
	case !printable(o.Actor) || len(o.Actor) > mostActorCharacters || strings.TrimSpace(o.Actor) != o.Actor:
		return badOption("Actor", "must be 1-%d printable ASCII characters without blanks around them", mostActorCharacters)
	case !printable(o.Token):
		return badOption("Token", "must be of printable ASCII characters")
	case o.Token != "" && o.TokenFunc != nil:
		return badOption("Token", "and TokenFunc cannot both be given")
	case o.hasToken() && o.TLS == nil && !isLoopback(o.Target):
		return badOption("Token", "is not sent in plain text to %s: give TLS, or use a loopback address", o.Target)
	case o.TLS != nil && (o.TLS.CertFile == "") != (o.TLS.KeyFile == ""):
		return badOption("TLS.CertFile", "and TLS.KeyFile go together")
	}
	return nil
}

func checkTimes(o Options) error {
	for _, one := range []struct {
		name  string
		value time.Duration
	}{
		{"CallTimeout", o.CallTimeout},
		{"TrustLimit", o.TrustLimit},
		{"BackoffInitial", o.BackoffInitial},
		{"BackoffMax", o.BackoffMax},
	} {
		if one.value < 0 {
			return badOption(one.name, "must be above zero, is %v", one.value)
		}
	}
	if o.BookmarkInterval < leastBookmarkInterval || o.BookmarkInterval > mostBookmarkInterval {
		return badOption("BookmarkInterval", "must be 1 s to 60 s, is %v", o.BookmarkInterval)
	}
	if o.BackoffMax < o.BackoffInitial {
		return badOption("BackoffMax", "must not be below BackoffInitial (%v), is %v", o.BackoffInitial, o.BackoffMax)
	}
	return nil
}

func (o Options) hasToken() bool { return o.Token != "" || o.TokenFunc != nil }

func isLoopback(target string) bool {
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return false
	}
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

func printable(text string) bool {
	for _, character := range []byte(text) {
		if character < ' ' || character > '~' {
			return false
		}
	}
	return true
}
