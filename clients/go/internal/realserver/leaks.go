package realserver

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

const (
	// leakLimit is how long the goroutines of what was closed have to end, on a busy machine.
	leakLimit = 30 * time.Second
	// leakInterval is how long it is between two looks at them.
	leakInterval = 20 * time.Millisecond
	// firstStacks is the room for stacks that is tried first, in bytes.
	firstStacks = 1 << 16
)

// ofTheRuntime are functions whose goroutines stay for as long as the process does.
var ofTheRuntime = []string{"os/signal.signal_recv", "os/signal.loop", "runtime.ensureSigM"}

// Leaks says which goroutines are left at the end of a package's tests, after they had time to end. Its few lines are here, and
// not a library's, so that the module asks its users for nothing that only its tests need.
func Leaks() error {
	left := others()
	for end := time.Now().Add(leakLimit); len(left) > 0 && time.Now().Before(end); left = others() {
		time.Sleep(leakInterval)
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("%d goroutines are left:\n\n%s", len(left), strings.Join(left, "\n\n"))
}

// others are the stacks of all goroutines but the one that asks and those of the runtime.
func others() (found []string) {
	stacks := make([]byte, firstStacks)
	length := runtime.Stack(stacks, true)
	for length == len(stacks) {
		stacks = make([]byte, 2*len(stacks))
		length = runtime.Stack(stacks, true)
	}
	for _, stack := range strings.Split(strings.TrimSpace(string(stacks[:length])), "\n\n")[1:] {
		if !ownedByRuntime(stack) {
			found = append(found, stack)
		}
	}
	return found
}

func ownedByRuntime(stack string) bool {
	for _, function := range ofTheRuntime {
		if strings.Contains(stack, function) {
			return true
		}
	}
	return false
}
