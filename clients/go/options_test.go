package onduty_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	onduty "onduty.dev/client"
)

func anyToken(context.Context) (string, error) { return "", nil }

// Options out of their bounds fail when the connection is made, and the error names the option.
func TestOptionsOutOfBoundsAreRefused(t *testing.T) {
	noCertificate := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(noCertificate, []byte("nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	here := "127.0.0.1:50051"
	for option, bad := range map[string][]onduty.Options{
		"Target": {{}, {Target: "localhost"}, {Target: ":50051"}, {Target: "localhost:0"}, {Target: "localhost:65536"}},
		"Tenant": {{Target: here, Tenant: "a\nb"}},
		"Actor":  {{Target: here, Actor: "a\nb"}, {Target: here, Actor: " "}, {Target: here, Actor: strings.Repeat("a", 129)}},
		"Token": {
			{Target: here, Token: "a\x00"},
			{Target: here, Token: "a", TokenFunc: anyToken},
			{Target: "staff.example:443", Token: "a"},
			{Target: "staff.example:443", TokenFunc: anyToken},
		},
		"CallTimeout":      {{Target: here, CallTimeout: -1}},
		"BookmarkInterval": {{Target: here, BookmarkInterval: time.Second - 1}, {Target: here, BookmarkInterval: time.Minute + 1}},
		"TrustLimit":       {{Target: here, TrustLimit: -time.Second}},
		"BackoffInitial":   {{Target: here, BackoffInitial: -time.Second, BackoffMax: time.Second}},
		"BackoffMax":       {{Target: here, BackoffInitial: 2 * time.Second, BackoffMax: time.Second}},
		"TLS.CAFile": {
			{Target: here, TLS: &onduty.TLSOptions{CAFile: "/nonexistent.pem"}},
			{Target: here, TLS: &onduty.TLSOptions{CAFile: noCertificate}},
		},
		"TLS.CertFile": {
			{Target: here, TLS: &onduty.TLSOptions{CertFile: noCertificate}},
			{Target: here, TLS: &onduty.TLSOptions{KeyFile: noCertificate}},
			{Target: here, TLS: &onduty.TLSOptions{CertFile: noCertificate, KeyFile: noCertificate}},
		},
	} {
		for _, options := range bad {
			connection, err := onduty.Connect(options)
			var wrong *onduty.OptionError
			if !errors.As(err, &wrong) || wrong.Option != option {
				t.Errorf("%+v: got %v, want an error of %s", options, err, option)
			}
			if connection != nil {
				_ = connection.Close()
			}
		}
	}
}

// A token may go to a loopback address in plain text, and anywhere with TLS.
func TestTokenMayGoToLoopbackOrOverTLS(t *testing.T) {
	for _, options := range []onduty.Options{
		{Target: "localhost:1", Token: "a"}, {Target: "127.0.0.2:1", Token: "a"}, {Target: "[::1]:1", TokenFunc: anyToken},
		{Target: "staff.example:443", Token: "a", TLS: &onduty.TLSOptions{}},
	} {
		connection, err := onduty.Connect(options)
		if err != nil {
			t.Errorf("%s: %v", options.Target, err)
			continue
		}
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A floor's options have the same bounds as the connection's.
func TestFloorOptionsOutOfBoundsAreRefused(t *testing.T) {
	connection, err := onduty.Connect(onduty.Options{Target: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	var wrong *onduty.OptionError
	_, err = onduty.NewRouterClient(connection).Floor(nil, onduty.FloorOptions{BookmarkInterval: 2 * time.Minute})
	if !errors.As(err, &wrong) || wrong.Option != "BookmarkInterval" {
		t.Errorf("got %v", err)
	}
}
