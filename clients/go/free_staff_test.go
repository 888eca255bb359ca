package onduty

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// The lists are as if everybody were looked at, after a snapshot and any changes.
func TestFreeStaffStandInOrder(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 5))
	made := func(number int) *ondutyv1.Staff {
		status := []ondutyv1.Status{ondutyv1.Status_STATUS_AVAILABLE, ondutyv1.Status_STATUS_BUSY}[chance.IntN(2)]
		staff := &ondutyv1.Staff{
			StaffId: fmt.Sprint("s", number), Status: status, Capabilities: &ondutyv1.Capabilities{AssignInbound: chance.IntN(3) > 0},
			IdleStartedAt: &timestamppb.Timestamp{Seconds: chance.Int64N(5)},
		}
		for _, group := range []string{"cards", "loans"}[chance.IntN(2):] {
			staff.SkillGroups = append(staff.SkillGroups, &ondutyv1.SkillGroup{Name: group})
		}
		return staff
	}
	everybody := map[string]*ondutyv1.Staff{}
	for number := range 50 {
		everybody[fmt.Sprint("s", number)] = made(number)
	}
	free := newFreeStaff(everybody)
	for range 2000 {
		staff := made(chance.IntN(60))
		if chance.IntN(5) == 0 {
			delete(everybody, staff.GetStaffId())
			free.remove(staff.GetStaffId())
			continue
		}
		everybody[staff.GetStaffId()] = staff
		free.put(staff)
	}
	for _, group := range []string{"", "cards", "loans", "nobody"} {
		wanted := slices.DeleteFunc(slices.Collect(maps.Values(everybody)), func(one *ondutyv1.Staff) bool {
			_, isMember := groupsOf(one)[group]
			return !isFree(one) || !isMember
		})
		slices.SortFunc(wanted, byIdleTime)
		if got := free.in(group); !slices.Equal(got, wanted) {
			t.Errorf("%q: %v, not %v", group, got, wanted)
		}
	}
}
