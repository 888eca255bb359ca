package onduty

import (
	"testing"
	"time"
)

// Waits double from the first to the longest one.
func TestBackoffDoublesUpToTheLongest(t *testing.T) {
	waits := backoff{initial: 100 * time.Millisecond, most: time.Second, random: func() float64 { return 1 }}
	for _, want := range []time.Duration{100, 200, 400, 800, 1000, 1000} {
		if got := waits.next(0); got != want*time.Millisecond {
			t.Errorf("waits %v, want %v ms", got, int(want))
		}
	}
}

// A random factor shortens each wait to no less than half.
func TestBackoffIsShortenedToHalfAtMost(t *testing.T) {
	waits := backoff{initial: time.Second, most: time.Second, random: func() float64 { return 0 }}
	if got := waits.next(0); got != 500*time.Millisecond {
		t.Errorf("waits %v", got)
	}
	waits.random = nil
	for range 100 {
		if got := waits.next(0); got < 500*time.Millisecond || got > time.Second {
			t.Errorf("waits %v", got)
		}
	}
}

// What the server asked for comes on top, and does not grow.
func TestBackoffAddsWhatTheServerAskedFor(t *testing.T) {
	waits := backoff{initial: time.Second, most: 4 * time.Second, random: func() float64 { return 1 }}
	if got := waits.next(5 * time.Second); got != 6*time.Second {
		t.Errorf("waits %v", got)
	}
	if got := waits.next(0); got != 2*time.Second {
		t.Errorf("then waits %v", got)
	}
}

// After a reset the doubling starts anew.
func TestBackoffStartsAnew(t *testing.T) {
	waits := backoff{initial: time.Second, most: 8 * time.Second, random: func() float64 { return 1 }}
	waits.next(0)
	waits.next(0)
	waits.reset()
	if got := waits.next(0); got != time.Second {
		t.Errorf("waits %v", got)
	}
}
