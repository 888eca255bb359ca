package onduty

// Knows a goroutine again: what waits for a handler must not be waited for by that handler.

import (
	"bytes"
	"runtime"
	"sync/atomic"
)

// goroutine is the one that runs handlers.
type goroutine struct{ name atomic.Pointer[[]byte] }

// enter says that it is the present one.
func (g *goroutine) enter() {
	name := presentGoroutine()
	g.name.Store(&name)
}

// leave says that there is none any more.
func (g *goroutine) leave() { g.name.Store(nil) }

// isThis says whether it is the present one.
func (g *goroutine) isThis() bool {
	known := g.name.Load()
	return known != nil && bytes.Equal(*known, presentGoroutine())
}

// presentGoroutine is the number that every trace of this goroutine begins with, as "goroutine 18".
func presentGoroutine() []byte {
	line := make([]byte, 64)
	line = line[:runtime.Stack(line, false)]
	return bytes.Clone(line[:max(0, bytes.IndexByte(line, '['))])
}
