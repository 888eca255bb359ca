package onduty

// Who of a floor can be assigned an inbound call, kept in order, of everybody and of each skill group. Pure; not safe for concurrent
// use.

import (
	"cmp"
	"slices"
	"strings"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// freeStaff has lists that are kept in order change by change, so that asking for them costs only what they hold.
type freeStaff struct {
	lists map[string][]*ondutyv1.Staff // by group, "" for everybody; longest idle first
	here  map[string]*ondutyv1.Staff   // by id, as they stand in the lists
}

func newFreeStaff(everybody map[string]*ondutyv1.Staff) *freeStaff {
	made := &freeStaff{lists: map[string][]*ondutyv1.Staff{}, here: map[string]*ondutyv1.Staff{}}
	for id, one := range everybody {
		if isFree(one) {
			made.here[id] = one
			for group := range groupsOf(one) {
				made.lists[group] = append(made.lists[group], one)
			}
		}
	}
	for _, list := range made.lists {
		slices.SortFunc(list, byIdleTime)
	}
	return made
}

// put takes a staff member as the message says.
func (f *freeStaff) put(staff *ondutyv1.Staff) {
	f.remove(staff.GetStaffId())
	if !isFree(staff) {
		return
	}
	f.here[staff.GetStaffId()] = staff
	for group := range groupsOf(staff) {
		place, _ := slices.BinarySearchFunc(f.lists[group], staff, byIdleTime)
		f.lists[group] = slices.Insert(f.lists[group], place, staff)
	}
}

// remove takes out whoever is not free, or not there.
func (f *freeStaff) remove(staffID string) {
	staff, known := f.here[staffID]
	if !known {
		return
	}
	delete(f.here, staffID)
	for group := range groupsOf(staff) {
		if place, found := slices.BinarySearchFunc(f.lists[group], staff, byIdleTime); found {
			f.lists[group] = slices.Delete(f.lists[group], place, place+1)
		}
	}
}

// in gives who is free, longest idle first; an empty group means all.
func (f *freeStaff) in(skillGroup string) []*ondutyv1.Staff { return slices.Clone(f.lists[skillGroup]) }

func isFree(staff *ondutyv1.Staff) bool {
	return staff.GetCapabilities().GetAssignInbound() && staff.GetStatus() == ondutyv1.Status_STATUS_AVAILABLE
}

// groupsOf are the lists that somebody stands in, each once.
func groupsOf(staff *ondutyv1.Staff) map[string]struct{} {
	groups := map[string]struct{}{"": {}}
	for _, group := range staff.GetSkillGroups() {
		groups[group.GetName()] = struct{}{}
	}
	return groups
}

func byIdleTime(one, other *ondutyv1.Staff) int {
	since, otherSince := one.GetIdleStartedAt(), other.GetIdleStartedAt()
	return cmp.Or(
		cmp.Compare(since.GetSeconds(), otherSince.GetSeconds()), cmp.Compare(since.GetNanos(), otherSince.GetNanos()),
		strings.Compare(one.GetStaffId(), other.GetStaffId()),
	)
}
