package onduty

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

func member(id string, revision int64) *ondutyv1.Staff {
	return &ondutyv1.Staff{StaffId: id, Revision: revision}
}

func snapshot(last bool, staff ...*ondutyv1.Staff) *ondutyv1.SnapshotChunk {
	return &ondutyv1.SnapshotChunk{Staff: staff, Last: last}
}

func changeOf(id string, revision int64) *ondutyv1.StaffChange {
	return &ondutyv1.StaffChange{Staff: member(id, revision), Transition: &ondutyv1.Transition{Revision: revision, StaffId: id}}
}

func leftAt(id string, revision int64) *ondutyv1.StaffChange {
	change := changeOf(id, revision)
	change.Left = true
	return change
}

func told(changes []Change) []string {
	var lines []string
	for _, one := range changes {
		lines = append(lines, fmt.Sprintf("%s %s %d", one.Kind, one.StaffID, one.Revision))
	}
	return lines
}

func wantTold(t *testing.T, changes []Change, want ...string) {
	t.Helper()
	if got := told(changes); !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func wantStaff(t *testing.T, view *floorView, want ...string) {
	t.Helper()
	var got []string
	for _, one := range view.all() {
		got = append(got, fmt.Sprintf("%s %d", one.GetStaffId(), one.GetRevision()))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the view has %q, want %q", got, want)
	}
}

// Nothing of a snapshot shows before its last chunk, and then everybody is added, by id.
func TestSnapshotIsSwappedInWithItsLastChunk(t *testing.T) {
	view := newFloorView()
	wantTold(t, view.addChunk(snapshot(false, member("lea", 4), member("kim", 3))))
	wantStaff(t, view)
	if view.complete {
		t.Error("complete after the first chunk")
	}
	wantTold(t, view.addChunk(snapshot(true, member("bo", 9))), "ADDED bo 9", "ADDED kim 3", "ADDED lea 4")
	wantStaff(t, view, "bo 9", "kim 3", "lea 4")
	if !view.complete {
		t.Error("not complete after the last chunk")
	}
}

// A snapshot of nobody completes the view.
func TestEmptySnapshotIsComplete(t *testing.T) {
	view := newFloorView()
	wantTold(t, view.addChunk(snapshot(true)))
	if !view.complete {
		t.Error("not complete")
	}
}

// A snapshot that was cut short leaves nothing behind.
func TestSnapshotCutShortIsThrownAway(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(false, member("ghost", 1)))
	view.dropSnapshot()
	wantTold(t, view.addChunk(snapshot(true, member("kim", 2))), "ADDED kim 2")
}

// A later snapshot tells the differences only, in both directions of the revision, and without a transition.
func TestLaterSnapshotTellsDifferences(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, member("gone", 1), member("same", 2), member("newer", 3), member("older", 9)))
	changes := view.addChunk(snapshot(true, member("same", 2), member("newer", 8), member("older", 4), member("came", 5)))
	wantTold(t, changes, "ADDED came 5", "LEFT gone 0", "CHANGED newer 8", "CHANGED older 4")
	for _, one := range changes {
		if one.Transition != nil {
			t.Errorf("%s has a transition", one.StaffID)
		}
	}
}

// A change shows the states before and after it, with its transition.
func TestChangeTellsBeforeAndAfter(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, member("kim", 1)))
	change, news := view.apply(changeOf("kim", 2))
	if !news || change.Kind != Changed || change.Before.GetRevision() != 1 || change.After.GetRevision() != 2 ||
		change.Transition.GetRevision() != 2 {
		t.Errorf("told %+v (news: %v)", change, news)
	}
	wantStaff(t, view, "kim 2")
}

// A change of somebody unknown adds them.
func TestChangeOfSomebodyNewAdds(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true))
	change, news := view.apply(changeOf("kim", 2))
	if !news || change.Kind != Added || change.Before != nil {
		t.Errorf("told %+v (news: %v)", change, news)
	}
}

// A change that is no newer than the view is passed over.
func TestOldChangeIsPassedOver(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, member("kim", 5)))
	for _, revision := range []int64{5, 4} {
		if _, news := view.apply(changeOf("kim", revision)); news {
			t.Errorf("revision %d was told", revision)
		}
	}
	if _, news := view.apply(leftAt("kim", 5)); news {
		t.Error("an old departure was told")
	}
	wantStaff(t, view, "kim 5")
}

// Who left is out of the view, with the last state told as the one before.
func TestLeftTakesOut(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, member("kim", 1)))
	change, news := view.apply(leftAt("kim", 2))
	if !news || change.Kind != Left || change.Before.GetRevision() != 1 || change.After != nil || change.Revision != 2 {
		t.Errorf("told %+v (news: %v)", change, news)
	}
	wantStaff(t, view)
}

// Who left comes back with a newer change only, and leaves once only.
func TestLeftIsNotUndoneByAnOldChange(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, member("kim", 1)))
	view.apply(leftAt("kim", 3))
	if _, news := view.apply(changeOf("kim", 2)); news {
		t.Error("an old change brought somebody back")
	}
	if _, news := view.apply(leftAt("kim", 4)); news {
		t.Error("somebody who is not there left")
	}
	if change, news := view.apply(changeOf("kim", 5)); !news || change.Kind != Added {
		t.Errorf("told %+v (news: %v)", change, news)
	}
}

func waiting(id string, idle time.Duration, groups ...string) *ondutyv1.Staff {
	var member []*ondutyv1.SkillGroup
	for _, name := range groups {
		member = append(member, &ondutyv1.SkillGroup{Name: name})
	}
	return &ondutyv1.Staff{
		StaffId: id, SkillGroups: member, Status: ondutyv1.Status_STATUS_AVAILABLE,
		Capabilities: &ondutyv1.Capabilities{AssignInbound: true}, IdleStartedAt: timestamppb.New(noon.Add(-idle)),
	}
}

// Whoever is idle longest comes first, and of two that are idle equally long the one with the lower id.
func TestAvailableIsByIdleTimeThenID(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, waiting("c", 1), waiting("b", 5), waiting("a", 1), waiting("d", 9)))
	var got []string
	for _, one := range view.available("") {
		got = append(got, one.GetStaffId())
	}
	if want := []string{"d", "b", "a", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Only members of the group are given; an empty group means all.
func TestAvailableIsOfTheGroup(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, waiting("a", 1, "sales"), waiting("b", 2, "support", "sales"), waiting("c", 3)))
	if got := len(view.available("sales")); got != 2 {
		t.Errorf("%d of sales", got)
	}
	if got := len(view.available("")); got != 3 {
		t.Errorf("%d of all", got)
	}
}

// Somebody to whom no call may be assigned, or with a status this client does not know, is not available.
func TestAvailableNeedsStatusAndCapability(t *testing.T) {
	offered, unknown := waiting("offered", 1), waiting("unknown", 1)
	offered.Capabilities.AssignInbound = false
	unknown.Status = ondutyv1.Status(99)
	view := newFloorView()
	view.addChunk(snapshot(true, offered, unknown, member("bare", 1)))
	if got := view.available(""); len(got) != 0 {
		t.Errorf("available: %v", got)
	}
}

func TestLearnedStateIsShownAndItsChangeToldOnce(t *testing.T) {
	view := newFloorView()
	view.addChunk(snapshot(true, member("ana", 5), member("ben", 5)))
	view.learn(member("ana", 7))
	view.learn(member("ana", 4))
	view.learn(member("eve", 9)) // whether a stranger matches the filter only the server knows
	wantShown := func(revision int64) {
		t.Helper()
		if shown := view.get("ana").GetRevision(); shown != revision || view.get("eve") != nil {
			t.Errorf("ana is shown at revision %d, want %d; eve: %v", shown, revision, view.get("eve"))
		}
	}
	for _, one := range []struct{ streamed, before, shown int64 }{{6, 5, 7}, {7, 6, 7}, {8, 7, 8}} {
		change, news := view.apply(changeOf("ana", one.streamed))
		if !news || change.Before.GetRevision() != one.before || change.After.GetRevision() != one.streamed {
			t.Errorf("revision %d was told as %v, %v", one.streamed, change, news)
		}
		wantShown(one.shown)
	}
	view.learn(member("ana", 9))
	view.learn(member("ben", 6))
	wantTold(t, view.addChunk(snapshot(true, member("ana", 8), member("ben", 6))), "CHANGED ben 6")
	wantShown(8)
}
