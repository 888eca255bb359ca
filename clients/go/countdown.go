package onduty

// What is left of deadlines that the server's clock keeps. This file reads no clock: local times are arguments.

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// serverClock estimates the server's clock from the frames of one stream. Its zero value takes both clocks for equal.
type serverClock struct {
	offset time.Duration
	seen   bool
}

// observe takes a transition's recorded_at (nil: none) and the local time at which its frame came. A frame is late by its way
// through the network, never early, so the largest offset is the best.
func (c *serverClock) observe(recordedAt *timestamppb.Timestamp, came time.Time) {
	if recordedAt == nil {
		return
	}
	if offset := recordedAt.AsTime().Sub(came); !c.seen || offset > c.offset {
		c.offset, c.seen = offset, true
	}
}

// at is the server's time when the local clock says local.
func (c *serverClock) at(local time.Time) time.Time { return local.Add(c.offset) }

// remainingWrapUp is what is left of the wrap-up's countdown at the server's time now, never below 0; false outside wrap-up and
// where it is open-ended.
func remainingWrapUp(staff *ondutyv1.Staff, now time.Time) (time.Duration, bool) {
	return until(staff.GetWrapUp().GetEndsAt(), now)
}

// remainingOffer is what is left of the outstanding offer at the server's time now, never below 0; false without one.
func remainingOffer(staff *ondutyv1.Staff, now time.Time) (time.Duration, bool) {
	return until(staff.GetOffer().GetExpiresAt(), now)
}

func until(deadline *timestamppb.Timestamp, now time.Time) (time.Duration, bool) {
	if deadline == nil {
		return 0, false
	}
	return max(deadline.AsTime().Sub(now), 0), true
}
