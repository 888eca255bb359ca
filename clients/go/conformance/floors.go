package main

// The verbs floor.*.

import (
	"encoding/json"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// readAttempts is how often a floor is read again because a frame came in between.
const readAttempts = 100

type floor struct{ *onduty.Floor }

func (d *driver) openFloor(asked request) (func() (object, error), error) {
	from, err := lookup(d, d.connections, "connection", asked.Connection)
	if err != nil {
		return nil, err
	}
	filter := &ondutyv1.StaffFilter{}
	if err := readMessage(asked.Filter, filter); err != nil {
		return nil, err
	}
	var wanted times
	if err := json.Unmarshal(orEmpty(asked.Options), &wanted); err != nil {
		return nil, driverError("not options: %v", err)
	}
	if err := wanted.check(); err != nil {
		return nil, err
	}
	opened, err := from.router.Floor(filter, onduty.FloorOptions{
		BookmarkInterval: orZero(wanted.BookmarkInterval), TrustLimit: orZero(wanted.TrustLimit),
		BackoffInitial: orZero(wanted.BackoffInitial), BackoffMax: orZero(wanted.BackoffMax),
	})
	if err != nil {
		return nil, err
	}
	enter(d, d.floors, asked.Floor, &floor{opened})
	opened.OnChange(func(change onduty.Change) { d.out.write(changeEvent(asked.Floor, change)) })
	opened.OnState(func(state onduty.FloorState) {
		d.out.write(object{"event": "floor_state", "floor": asked.Floor, "state": state.String()})
	})
	return now(object{})
}

func changeEvent(name string, change onduty.Change) object {
	event := object{
		"event": "change", "floor": name, "kind": change.Kind.String(), "staff_id": change.StaffID, "revision": change.Revision,
	}
	if change.After != nil {
		event["status"] = change.After.GetStatus().String()
	}
	if change.Transition != nil {
		event["cause"] = change.Transition.GetCause().String()
	}
	return event
}

func (d *driver) waitFloor(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.floors, "floor", asked.Floor)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		ctx, cancel := limited(asked.Timeout)
		defer cancel()
		return object{}, found.WaitCurrent(ctx)
	}, nil
}

func (d *driver) readFloor(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.floors, "floor", asked.Floor)
	if err != nil {
		return nil, err
	}
	position, staff := found.Position(), found.All()
	for range readAttempts {
		now := found.Position()
		if now == position {
			break
		}
		position, staff = now, found.All()
	}
	return now(object{"state": found.State().String(), "position": position, "staff": messagesJSON(staff)})
}

func (d *driver) availableOnFloor(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.floors, "floor", asked.Floor)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, one := range found.Available(asked.SkillGroup) {
		ids = append(ids, one.GetStaffId())
	}
	return now(object{"staff_ids": ids})
}

func (d *driver) learnOnFloor(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.floors, "floor", asked.Floor)
	if err != nil {
		return nil, err
	}
	staff := &ondutyv1.Staff{}
	if err := readMessage(asked.Staff, staff); err != nil {
		return nil, err
	}
	found.Learn(staff)
	return now(object{})
}

func (d *driver) closeFloor(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.floors, "floor", asked.Floor)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		found.Close()
		return object{}, nil
	}, nil
}
