package onduty

import (
	"fmt"
	"slices"
	"testing"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

func colleague(id string, status ondutyv1.Status, groups ...string) *ondutyv1.Colleague {
	return &ondutyv1.Colleague{
		StaffId: id, Status: status, SkillGroups: groups, OpenToTransfers: status == ondutyv1.Status_STATUS_BUSY,
	}
}

const (
	busy    = ondutyv1.Status_STATUS_BUSY
	offline = ondutyv1.Status_STATUS_OFFLINE
)

func colleaguesChunk(last bool, colleagues ...*ondutyv1.Colleague) *ondutyv1.ColleaguesChunk {
	return &ondutyv1.ColleaguesChunk{Colleagues: colleagues, Last: last}
}

func wantColleaguesTold(t *testing.T, changes []ColleagueChange, want ...string) {
	t.Helper()
	var got []string
	for _, one := range changes {
		got = append(got, fmt.Sprintf("%s %s %v>%v", one.Kind, one.StaffID, one.Before.GetStatus().Number(), one.After.GetStatus().Number()))
	}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

// Nothing of a snapshot shows before its last chunk, and what was cut short is thrown away.
func TestColleaguesAreSwappedInWithTheLastChunk(t *testing.T) {
	view := newColleaguesView()
	wantColleaguesTold(t, view.addChunk(colleaguesChunk(false, colleague("ghost", busy))))
	if view.complete || len(view.all()) != 0 {
		t.Errorf("the view has %v", view.all())
	}
	view.dropSnapshot()
	view.addChunk(colleaguesChunk(false, colleague("lea", busy)))
	wantColleaguesTold(t, view.addChunk(colleaguesChunk(true, colleague("kim", offline))), "ADDED kim 0>1", "ADDED lea 0>3")
	if !view.complete || len(view.all()) != 2 {
		t.Errorf("the view has %v", view.all())
	}
}

// A later snapshot tells the differences only, by id.
func TestLaterColleaguesTellDifferences(t *testing.T) {
	view := newColleaguesView()
	view.addChunk(colleaguesChunk(true, colleague("gone", busy), colleague("same", busy), colleague("other", busy)))
	changes := view.addChunk(colleaguesChunk(true, colleague("same", busy), colleague("other", offline), colleague("came", busy)))
	wantColleaguesTold(t, changes, "ADDED came 0>3", "LEFT gone 3>0", "CHANGED other 3>1")
}

// A change adds, changes or takes out; one that changes nothing is not told.
func TestColleagueChangesAreApplied(t *testing.T) {
	view := newColleaguesView()
	view.addChunk(colleaguesChunk(true))
	var told []ColleagueChange
	for _, one := range []*ondutyv1.ColleagueChange{
		{Colleague: colleague("kim", busy)},
		{Colleague: colleague("kim", busy)},
		{Colleague: colleague("kim", offline)},
		{Colleague: &ondutyv1.Colleague{StaffId: "kim"}, Left: true},
		{Colleague: &ondutyv1.Colleague{StaffId: "kim"}, Left: true},
	} {
		if change, news := view.apply(one); news {
			told = append(told, change)
		}
	}
	wantColleaguesTold(t, told, "ADDED kim 0>3", "CHANGED kim 3>1", "LEFT kim 1>0")
	if len(view.all()) != 0 {
		t.Errorf("the view has %v", view.all())
	}
}

// Who is taken out is told as having left, and the next snapshot adds.
func TestClearedColleaguesLeave(t *testing.T) {
	view := newColleaguesView()
	view.addChunk(colleaguesChunk(true, colleague("kim", busy)))
	view.addChunk(colleaguesChunk(false, colleague("ghost", busy)))
	wantColleaguesTold(t, view.clear(), "LEFT kim 3>0")
	if view.complete || len(view.all()) != 0 {
		t.Errorf("the view has %v", view.all())
	}
	wantColleaguesTold(t, view.addChunk(colleaguesChunk(true, colleague("kim", busy))), "ADDED kim 0>3")
}

// Colleagues are listed by name in whatever case, then by id.
func TestColleaguesAreListedByName(t *testing.T) {
	view := newColleaguesView()
	view.addChunk(colleaguesChunk(true,
		&ondutyv1.Colleague{StaffId: "a", DisplayName: "zoe"}, &ondutyv1.Colleague{StaffId: "c", DisplayName: "Ana"},
		&ondutyv1.Colleague{StaffId: "b", DisplayName: "ana"}))
	var got []string
	for _, one := range view.all() {
		got = append(got, one.GetStaffId())
	}
	if want := []string{"b", "c", "a"}; !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
}

// Only those who may be sent a transfer are open to one, of the group that is asked for, by id.
func TestOpenToTransfersIsOfTheGroup(t *testing.T) {
	view := newColleaguesView()
	view.addChunk(colleaguesChunk(true,
		colleague("c", busy, "sales"), colleague("a", busy, "help", "sales"), colleague("b", offline, "sales"), colleague("d", busy)))
	for group, want := range map[string][]string{"sales": {"a", "c"}, "": {"a", "c", "d"}} {
		var got []string
		for _, one := range view.openToTransfers(group) {
			got = append(got, one.GetStaffId())
		}
		if !slices.Equal(got, want) {
			t.Errorf("of %q: %q, want %q", group, got, want)
		}
	}
}
