package onduty

// The handlers of a floor: adding them from any goroutine, telling them from one. It knows nothing of the view.

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
)

// handlers are told in the order in which they were added. Only adding is safe for concurrent use.
type handlers struct {
	onError func(error)
	wake    chan struct{} // holds one sign that handlers were added

	mu         sync.Mutex
	newChanges []func(Change)
	newStates  []func(FloorState)

	changes []func(Change)
	states  []func(FloorState)
}

func newHandlers(onError func(error)) *handlers {
	if onError == nil {
		onError = logError
	}
	return &handlers{onError: onError, wake: make(chan struct{}, 1)}
}

func logError(err error) { slog.Error("onduty: " + err.Error()) }

func (h *handlers) addChange(handler func(Change)) {
	h.mu.Lock()
	h.newChanges = append(h.newChanges, handler)
	h.mu.Unlock()
	h.sign()
}

func (h *handlers) addState(handler func(FloorState)) {
	h.mu.Lock()
	h.newStates = append(h.newStates, handler)
	h.mu.Unlock()
	h.sign()
}

func (h *handlers) sign() {
	select {
	case h.wake <- struct{}{}:
	default: // the sign is there already
	}
}

// adopt gives the handlers that were added since the last time; from now on they are told.
func (h *handlers) adopt() ([]func(Change), []func(FloorState)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	changes, states := h.newChanges, h.newStates
	h.newChanges, h.newStates = nil, nil
	h.changes = slices.Concat(h.changes, changes)
	h.states = slices.Concat(h.states, states)
	return changes, states
}

func (h *handlers) change(change Change) {
	for _, handler := range h.changes {
		h.guard(func() { handler(change) })
	}
}

func (h *handlers) state(state FloorState) {
	for _, handler := range h.states {
		h.guard(func() { handler(state) })
	}
}

// guard runs a handler and reports its panic.
func (h *handlers) guard(run func()) { guard(h.onError, run) }

func guard(onError func(error), run func()) {
	defer func() {
		if fault := recover(); fault != nil {
			onError(fmt.Errorf("a handler panicked: %v\n%s", fault, debug.Stack()))
		}
	}()
	run()
}
