package onduty_test

import (
	"fmt"
	"os"
	"testing"

	"onduty.dev/client/internal/realserver"
)

// TestMain runs everything and then shows that no goroutine of a closed connection is left.
func TestMain(m *testing.M) {
	code := realserver.Main(m)
	if code == 0 {
		if err := realserver.Leaks(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
