package main

import (
	"fmt"
	"os"
	"testing"

	"onduty.dev/client/internal/realserver"
)

// TestMain shows at the end that no goroutine of a driver is left.
func TestMain(m *testing.M) {
	code := realserver.Main(m)
	if err := realserver.Leaks(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}
