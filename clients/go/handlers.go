package onduty

// The handlers of a live copy: adding them from any goroutine, telling them from one. It knows nothing of what the copy shows.

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
)

// handlers are told in the order in which they were added. Only adding is safe for concurrent use.
type handlers[Told any] struct {
	onError func(error)
	wake    chan struct{} // holds one sign that handlers were added

	mu         sync.Mutex
	newChanges []func(Told)
	newStates  []func(FloorState)

	changes []func(Told)
	states  []func(FloorState)
}

func newHandlers[Told any](onError func(error)) *handlers[Told] {
	if onError == nil {
		onError = logError
	}
	return &handlers[Told]{onError: onError, wake: make(chan struct{}, 1)}
}

func logError(err error) { slog.Error("onduty: " + err.Error()) }

func (h *handlers[Told]) addChange(handler func(Told)) {
	h.mu.Lock()
	h.newChanges = append(h.newChanges, handler)
	h.mu.Unlock()
	h.sign()
}

func (h *handlers[Told]) addState(handler func(FloorState)) {
	h.mu.Lock()
	h.newStates = append(h.newStates, handler)
	h.mu.Unlock()
	h.sign()
}

func (h *handlers[Told]) sign() {
	select {
	case h.wake <- struct{}{}:
	default: // the sign is there already
	}
}

// adopt gives the handlers that were added since the last time; from now on they are told.
func (h *handlers[Told]) adopt() ([]func(Told), []func(FloorState)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	changes, states := h.newChanges, h.newStates
	h.newChanges, h.newStates = nil, nil
	h.changes = slices.Concat(h.changes, changes)
	h.states = slices.Concat(h.states, states)
	return changes, states
}

func (h *handlers[Told]) change(change Told) {
	for _, handler := range h.changes {
		h.guard(func() { handler(change) })
	}
}

func (h *handlers[Told]) state(state FloorState) {
	for _, handler := range h.states {
		h.guard(func() { handler(state) })
	}
}

// guard runs a handler and reports its panic.
func (h *handlers[Told]) guard(run func()) { guard(h.onError, run) }

func guard(onError func(error), run func()) {
	defer func() {
		if fault := recover(); fault != nil {
			onError(fmt.Errorf("a handler panicked: %v\n%s", fault, debug.Stack()))
		}
	}()
	run()
}
