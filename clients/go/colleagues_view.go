package onduty

// The colleagues that a staff member sees, and what each frame changes in them. Pure: no I/O, no clock, no goroutines; not safe
// for concurrent use.

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// ColleagueChange is one change of what a staff member sees of the colleagues.
type ColleagueChange struct {
	// Kind says what it did. Left: the colleague is no longer to be seen.
	Kind ChangeKind
	// StaffID is the colleague.
	StaffID string
	// Before is what the view had. Nil with Added.
	Before *ondutyv1.Colleague
	// After is what the view has. Nil with Left.
	After *ondutyv1.Colleague
}

// colleaguesView is the colleagues by id. Snapshots are built aside and swapped in with their last chunk.
type colleaguesView struct {
	colleagues map[string]*ondutyv1.Colleague
	building   map[string]*ondutyv1.Colleague // the snapshot under way; nil: none
	complete   bool                           // there was a snapshot
}

func newColleaguesView() *colleaguesView {
	return &colleaguesView{colleagues: map[string]*ondutyv1.Colleague{}}
}

// dropSnapshot throws away a snapshot that was cut short.
func (v *colleaguesView) dropSnapshot() { v.building = nil }

// addChunk takes a part of a snapshot. With the last one the snapshot becomes the view, and the differences are given by id.
func (v *colleaguesView) addChunk(chunk *ondutyv1.ColleaguesChunk) []ColleagueChange {
	if v.building == nil {
		v.building = map[string]*ondutyv1.Colleague{}
	}
	for _, one := range chunk.GetColleagues() {
		v.building[one.GetStaffId()] = one
	}
	if !chunk.GetLast() {
		return nil
	}
	before := v.colleagues
	v.colleagues, v.building, v.complete = v.building, nil, true
	var changes []ColleagueChange
	for id, now := range v.colleagues {
		if change, news := colleagueChange(id, before[id], now); news {
			changes = append(changes, change)
		}
	}
	for id, was := range before {
		if v.colleagues[id] == nil {
			changes = append(changes, ColleagueChange{Kind: Left, StaffID: id, Before: was})
		}
	}
	slices.SortFunc(changes, func(one, other ColleagueChange) int { return strings.Compare(one.StaffID, other.StaffID) })
	return changes
}

// apply takes one change of the stream; false where it changes nothing in the view.
func (v *colleaguesView) apply(change *ondutyv1.ColleagueChange) (ColleagueChange, bool) {
	id := change.GetColleague().GetStaffId()
	was := v.colleagues[id]
	if change.GetLeft() {
		delete(v.colleagues, id)
		return ColleagueChange{Kind: Left, StaffID: id, Before: was}, was != nil
	}
	v.colleagues[id] = change.GetColleague()
	return colleagueChange(id, was, change.GetColleague())
}

// colleagueChange is the change from one state to the next; false where they are the same. Colleagues have no revision to tell by.
func colleagueChange(id string, was, now *ondutyv1.Colleague) (ColleagueChange, bool) {
	kind := Changed
	if was == nil {
		kind = Added
	}
	return ColleagueChange{Kind: kind, StaffID: id, Before: was, After: now}, was == nil || !proto.Equal(was, now)
}

// clear takes everybody out, until the next snapshot.
func (v *colleaguesView) clear() []ColleagueChange {
	v.dropSnapshot()
	changes := v.addChunk(&ondutyv1.ColleaguesChunk{Last: true})
	v.complete = false
	return changes
}

// all gives everybody by name, then by id.
func (v *colleaguesView) all() []*ondutyv1.Colleague {
	everybody := make([]*ondutyv1.Colleague, 0, len(v.colleagues))
	for _, one := range v.colleagues {
		everybody = append(everybody, one)
	}
	slices.SortFunc(everybody, func(one, other *ondutyv1.Colleague) int {
		return cmp.Or(
			strings.Compare(strings.ToLower(one.GetDisplayName()), strings.ToLower(other.GetDisplayName())),
			strings.Compare(one.GetStaffId(), other.GetStaffId()),
		)
	})
	return everybody
}

// openToTransfers gives whoever may be sent an internal call or a transfer, by name, then by id; an empty group means all.
func (v *colleaguesView) openToTransfers(skillGroup string) []*ondutyv1.Colleague {
	return slices.DeleteFunc(v.all(), func(one *ondutyv1.Colleague) bool {
		return !one.GetOpenToTransfers() || skillGroup != "" && !slices.Contains(one.GetSkillGroups(), skillGroup)
	})
}
