package onduty

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func wrapUp(endsAt time.Time) *ondutyv1.Staff {
	return &ondutyv1.Staff{WrapUp: &ondutyv1.WrapUp{EndsAt: timestamppb.New(endsAt)}}
}

// The countdown is what is left until the wrap-up's end.
func TestCountdownIsTheTimeLeft(t *testing.T) {
	if left, counting := remainingWrapUp(wrapUp(noon.Add(30*time.Second)), noon.Add(10*time.Second)); !counting || left != 20*time.Second {
		t.Errorf("left %v, counting %v", left, counting)
	}
}

// The countdown never falls below zero.
func TestCountdownEndsAtZero(t *testing.T) {
	if left, counting := remainingWrapUp(wrapUp(noon), noon.Add(time.Hour)); !counting || left != 0 {
		t.Errorf("left %v, counting %v", left, counting)
	}
}

// There is no countdown outside wrap-up, for nobody, or where the wrap-up is open-ended.
func TestCountdownIsAbsentWithoutAnEnd(t *testing.T) {
	for _, staff := range []*ondutyv1.Staff{nil, {}, {WrapUp: &ondutyv1.WrapUp{}}} {
		if left, counting := remainingWrapUp(staff, noon); counting || left != 0 {
			t.Errorf("%v: left %v, counting %v", staff, left, counting)
		}
	}
}

// The offer's countdown goes until it expires.
func TestCountdownOfAnOffer(t *testing.T) {
	staff := &ondutyv1.Staff{Offer: &ondutyv1.Offer{ExpiresAt: timestamppb.New(noon.Add(20 * time.Second))}}
	if left, outstanding := remainingOffer(staff, noon); !outstanding || left != 20*time.Second {
		t.Errorf("left %v, outstanding %v", left, outstanding)
	}
	if _, outstanding := remainingOffer(&ondutyv1.Staff{}, noon); outstanding {
		t.Error("an offer where there is none")
	}
}

// Before the first frame both clocks are taken for equal.
func TestClockStartsWithoutOffset(t *testing.T) {
	var clock serverClock
	clock.observe(nil, noon)
	if !clock.at(noon).Equal(noon) {
		t.Errorf("at noon it says %v", clock.at(noon))
	}
}

// The offset is the largest seen: a frame that was long on its way says nothing about the clocks.
func TestClockKeepsTheLargestOffset(t *testing.T) {
	var clock serverClock
	for _, late := range []time.Duration{300 * time.Millisecond, 20 * time.Millisecond, 5 * time.Second} {
		recorded := noon.Add(-time.Minute) // the server's clock is a minute behind
		clock.observe(timestamppb.New(recorded), noon.Add(late))
	}
	if got, want := clock.at(noon), noon.Add(-time.Minute-20*time.Millisecond); !got.Equal(want) {
		t.Errorf("at noon it says %v, want %v", got, want)
	}
}
