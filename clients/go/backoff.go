package onduty

// The waits between attempts of a stream. This file keeps no time and waits for nothing itself.

import (
	"math/rand/v2"
	"time"
)

// backoff gives waits that double from initial to most, each shortened by a random factor of 0.5-1.
type backoff struct {
	initial time.Duration
	most    time.Duration
	random  func() float64 // 0 to below 1; nil: the process's own
	current time.Duration  // the wait that comes next, before the random factor; 0: initial
}

// next is how long to wait now; asked is what the server wants on top of it, never below 0.
func (b *backoff) next(asked time.Duration) time.Duration {
	random := b.random
	if random == nil {
		random = rand.Float64
	}
	wait := max(b.current, b.initial)
	b.current = min(2*wait, b.most)
	return time.Duration(float64(wait)*(0.5+random()/2)) + max(asked, 0)
}

// reset starts the doubling anew.
func (b *backoff) reset() { b.current = 0 }
