package onduty

// A live copy of the colleagues that a staff member may see: opening it, reading it, and what the frames of its watch do to it.
// What is the same for every live copy is in live_copy.go.

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// Colleagues is a live copy of the colleagues that a staff member may see. Reading it makes no call. It is made by [NewColleagues]
// and lives until Close.
type Colleagues struct {
	liveCopy[ondutyv1.WatchColleaguesResponse, ColleagueChange]
	staffID string
	view    *colleaguesView
}

// NewColleagues opens a copy of the colleagues whom the policy lets this staff member see. It watches in the background at once. It
// follows the policy and the own skill groups: who may no longer be seen is gone at once. Where the policy lets nobody see
// colleagues, or there is no such staff member, it is Failed and empty, with a RefusedError or a NotFoundError. The error is an
// *OptionError, or says that the connection is closed.
func NewColleagues(connection *Connection, staffID string, options FloorOptions) (*Colleagues, error) {
	colleagues := &Colleagues{staffID: staffID, view: newColleaguesView()}
	source := colleaguesSource{colleagues, ondutyv1.NewWorkspaceServiceClient(connection)}
	if err := colleagues.begin("the copy of the colleagues", source, connection, options); err != nil {
		return nil, err
	}
	return colleagues, nil
}

// --- reading ---------------------------------------------------------------------------------------------------------

// OpenToTransfers gives the colleagues to whom an internal call or a transfer may be sent now, by name, without a call to the server.
// An empty group means all. It gives nobody before the first snapshot, after TrustLimit without a frame, and when Failed or
// Closed.
func (c *Colleagues) OpenToTransfers(skillGroup string) []*ondutyv1.Colleague {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if !c.view.complete || !c.isTrusted() {
		return nil
	}
	return c.view.openToTransfers(skillGroup)
}

// Get gives one colleague; false where the view has none of this id.
func (c *Colleagues) Get(staffID string) (*ondutyv1.Colleague, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	colleague, known := c.view.colleagues[staffID]
	return colleague, known
}

// All gives everybody in the view, by name, then by id.
func (c *Colleagues) All() []*ondutyv1.Colleague {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.view.all()
}

// Size is how many colleagues the view has.
func (c *Colleagues) Size() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.view.colleagues)
}

// OnChange adds a handler. It is first told Added for everybody whom the view has already, then every change. Handlers run one
// at a time, in the copy's own goroutine; the next frame waits for them. One that panics is reported and harms nothing.
func (c *Colleagues) OnChange(handler func(ColleagueChange)) { c.tell.addChange(handler) }

// --- following -------------------------------------------------------------------------------------------------------

// colleaguesSource follows the watch for the copy.
type colleaguesSource struct {
	*Colleagues
	stub ondutyv1.WorkspaceServiceClient
}

func (c colleaguesSource) open(ctx context.Context, resumeAfter string) (receiver[ondutyv1.WatchColleaguesResponse], error) {
	c.mu.Lock()
	c.view.dropSnapshot()
	c.mu.Unlock()
	return c.stub.WatchColleagues(ctx, &ondutyv1.WatchColleaguesRequest{
		StaffId: c.staffID, ResumeAfter: resumeAfter, BookmarkInterval: durationpb.New(c.options.BookmarkInterval),
	})
}

func (c colleaguesSource) position(frame *ondutyv1.WatchColleaguesResponse) string {
	return frame.GetPosition()
}

func (c colleaguesSource) catchingUp(frame *ondutyv1.WatchColleaguesResponse) bool {
	return frame.GetCatchingUp()
}

// isFinal: who does not exist, or may see nobody, sees nobody later either, until somebody changes that.
func (c colleaguesSource) isFinal(err error) bool {
	var refused *RefusedError
	var unknown *NotFoundError
	return errors.As(err, &refused) || errors.As(err, &unknown)
}

func (c colleaguesSource) present() []ColleagueChange {
	everybody := c.All()
	added := make([]ColleagueChange, 0, len(everybody))
	for _, one := range everybody {
		added = append(added, ColleagueChange{Kind: Added, StaffID: one.GetStaffId(), After: one})
	}
	return added
}

func (c colleaguesSource) take(frame *ondutyv1.WatchColleaguesResponse) (asked time.Duration) {
	switch event := frame.GetEvent().(type) {
	case *ondutyv1.WatchColleaguesResponse_SnapshotChunk:
		c.takeChunk(event.SnapshotChunk, frame.GetPosition())
	case *ondutyv1.WatchColleaguesResponse_Changes:
		c.takeChanges(event.Changes.GetChanges(), frame.GetPosition())
	case *ondutyv1.WatchColleaguesResponse_GoingAway:
		asked = event.GoingAway.GetReconnectAfter().AsDuration()
		if frame.GetPosition() == "" { // others may be seen now, because of the policy or the own skill groups
			c.fresh = true
			c.forget()
			c.enter(Connecting, nil)
		}
	}
	return asked
}

// failed: who may no longer be seen is not shown as last known.
func (c colleaguesSource) failed() { c.forget() }

// forget shows nobody until the next snapshot.
func (c *Colleagues) forget() {
	c.mu.Lock()
	changes := c.view.clear()
	c.reached = ""
	c.mu.Unlock()
	c.tellAll(changes)
}

func (c *Colleagues) takeChunk(chunk *ondutyv1.ColleaguesChunk, position string) {
	c.mu.Lock()
	changes := c.view.addChunk(chunk)
	if chunk.GetLast() {
		c.fresh = false
		c.reach(position)
	}
	c.mu.Unlock()
	c.tellAll(changes)
}

func (c *Colleagues) takeChanges(changes []*ondutyv1.ColleagueChange, position string) {
	for number, one := range changes {
		c.mu.Lock()
		if c.state == Closed {
			c.mu.Unlock()
			return
		}
		change, news := c.view.apply(one)
		if number == len(changes)-1 {
			c.reach(position) // before the handlers: what they see and what they could resume after belong together
		}
		c.mu.Unlock()
		if news {
			c.tell.change(change)
		}
	}
}
