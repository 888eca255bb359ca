package main

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"onduty.dev/client/internal/realserver"
)

// TestMain shows at the end that no goroutine of a driver is left.
func TestMain(m *testing.M) {
	code := realserver.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
