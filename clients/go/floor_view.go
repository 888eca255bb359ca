package onduty

// The staff that a floor shows, and what each frame changes in it. Pure: no I/O, no clock, no goroutines; not safe for
// concurrent use.

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// ChangeKind says what a change did to the view.
type ChangeKind int

// The kinds of changes.
const (
	// Added: the staff member came into the view.
	Added ChangeKind = iota + 1
	// Changed: the staff member's state is another.
	Changed
	// Left: the staff member left the filter or was deleted.
	Left
)

// String is the name, as "ADDED".
func (k ChangeKind) String() string {
	switch k {
	case Added:
		return "ADDED"
	case Changed:
		return "CHANGED"
	case Left:
		return "LEFT"
	}
	return "UNKNOWN"
}

// Change is one change of a floor.
type Change struct {
	// Kind says what it did.
	Kind ChangeKind
	// StaffID is the staff member.
	StaffID string
	// Before is the state that the view had. Nil with Added.
	Before *ondutyv1.Staff
	// After is the state that the view has. Nil with Left.
	After *ondutyv1.Staff
	// Transition is the change with its cause. Nil where it comes from a snapshot.
	Transition *ondutyv1.Transition
	// Revision is that of the change. 0 for a Left that comes from a snapshot.
	Revision int64
}

// floorView is the staff by id. Snapshots are built aside and swapped in with their last chunk.
type floorView struct {
	staff    map[string]*ondutyv1.Staff
	building map[string]*ondutyv1.Staff // the snapshot under way; nil: none
	streamed map[string]*ondutyv1.Staff // what the stream said last of those of whom an answer has told more
	left     map[string]int64           // the revisions at which staff left, so that a late change brings nobody back
	free     *freeStaff
	complete bool // there was a snapshot
}

func newFloorView() *floorView {
	return &floorView{
		staff: map[string]*ondutyv1.Staff{}, streamed: map[string]*ondutyv1.Staff{}, left: map[string]int64{},
		free: newFreeStaff(nil),
	}
}

// dropSnapshot throws away a snapshot that was cut short.
func (v *floorView) dropSnapshot() { v.building = nil }

// addChunk takes a part of a snapshot. With the last one the snapshot becomes the view, and the differences are given by id.
func (v *floorView) addChunk(chunk *ondutyv1.SnapshotChunk) []Change {
	if v.building == nil {
		v.building = map[string]*ondutyv1.Staff{}
	}
	for _, one := range chunk.GetStaff() {
		v.building[one.GetStaffId()] = one
	}
	if !chunk.GetLast() {
		return nil
	}
	before := v.staff
	maps.Copy(before, v.streamed)
	v.staff, v.building, v.complete = v.building, nil, true
	v.free = newFreeStaff(v.staff)
	clear(v.left)
	clear(v.streamed)
	return differences(before, v.staff)
}

func differences(before, after map[string]*ondutyv1.Staff) []Change {
	var changes []Change
	for id, now := range after {
		was := before[id]
		switch {
		case was == nil:
			changes = append(changes, Change{Kind: Added, StaffID: id, After: now, Revision: now.GetRevision()})
		case !proto.Equal(was, now): // not by revision alone: another store, or a restored one, counts the same numbers anew
			changes = append(changes, Change{Kind: Changed, StaffID: id, Before: was, After: now, Revision: now.GetRevision()})
		}
	}
	for id, was := range before {
		if after[id] == nil {
			changes = append(changes, Change{Kind: Left, StaffID: id, Before: was})
		}
	}
	slices.SortFunc(changes, func(one, other Change) int { return strings.Compare(one.StaffID, other.StaffID) })
	return changes
}

// apply takes one change of the stream; false where it is passed over, because the view is as new or never had who left.
func (v *floorView) apply(change *ondutyv1.StaffChange) (Change, bool) {
	id, revision := change.GetStaff().GetStaffId(), revisionOf(change)
	was := v.told(id)
	if revision <= max(was.GetRevision(), v.left[id]) {
		return Change{}, false
	}
	told := Change{StaffID: id, Before: was, Transition: change.GetTransition(), Revision: revision}
	if change.GetLeft() {
		delete(v.staff, id)
		delete(v.streamed, id)
		v.free.remove(id)
		v.left[id] = revision
		told.Kind = Left
		return told, was != nil
	}
	delete(v.left, id)
	if shown := v.staff[id]; shown != was && shown.GetRevision() > revision { // an answer has told more
		v.streamed[id] = change.GetStaff()
	} else {
		delete(v.streamed, id)
		v.show(change.GetStaff())
	}
	told.Kind, told.After = Changed, change.GetStaff()
	if was == nil {
		told.Kind = Added
	}
	return told, true
}

// learn shows a state that an answer told. The stream, which is later, still tells its change.
func (v *floorView) learn(staff *ondutyv1.Staff) {
	id := staff.GetStaffId()
	shown := v.staff[id]
	if shown == nil || staff.GetRevision() <= shown.GetRevision() {
		return
	}
	if v.streamed[id] == nil {
		v.streamed[id] = shown
	}
	v.show(staff)
}

// told gives what the stream said last of one staff member; nil where it shows none of this id.
func (v *floorView) told(staffID string) *ondutyv1.Staff {
	if streamed := v.streamed[staffID]; streamed != nil {
		return streamed
	}
	return v.staff[staffID]
}

func (v *floorView) show(staff *ondutyv1.Staff) {
	v.staff[staff.GetStaffId()] = staff
	v.free.put(staff)
}

func revisionOf(change *ondutyv1.StaffChange) int64 {
	if revision := change.GetStaff().GetRevision(); revision != 0 {
		return revision
	}
	return change.GetTransition().GetRevision()
}

// get gives one staff member; nil where the view has none of this id.
func (v *floorView) get(staffID string) *ondutyv1.Staff { return v.staff[staffID] }

// all gives everybody by id.
func (v *floorView) all() []*ondutyv1.Staff {
	everybody := make([]*ondutyv1.Staff, 0, len(v.staff))
	for _, one := range v.staff {
		everybody = append(everybody, one)
	}
	slices.SortFunc(everybody, byID)
	return everybody
}

// available gives whoever can be assigned an inbound call, longest idle first; an empty group means all.
func (v *floorView) available(skillGroup string) []*ondutyv1.Staff {
	return v.free.in(skillGroup)
}

func byID(one, other *ondutyv1.Staff) int {
	return strings.Compare(one.GetStaffId(), other.GetStaffId())
}
