package main

// Turns messages, errors and seconds into the protocol's JSON and back. It calls nothing.

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// messageJSON is a message in protobuf's JSON form with the proto's own names.
func messageJSON(message proto.Message) json.RawMessage {
	form, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		panic(err) // only invalid UTF-8 could do this, which no message that came over the wire has
	}
	return form
}

func messagesJSON[Message proto.Message](messages []Message) []json.RawMessage {
	forms := make([]json.RawMessage, 0, len(messages))
	for _, one := range messages {
		forms = append(forms, messageJSON(one))
	}
	return forms
}

func readMessage(form json.RawMessage, into proto.Message) error {
	if len(form) == 0 || string(form) == "null" {
		return nil
	}
	if err := protojson.Unmarshal(form, into); err != nil {
		return driverError("not a %s: %v", into.ProtoReflect().Descriptor().Name(), err)
	}
	return nil
}

func duration(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// secondsOrNull is for a length of time that may be absent.
func secondsOrNull(length time.Duration, known bool) any {
	if !known {
		return nil
	}
	return length.Seconds()
}

// kindOf is the name of the error's type, as "RefusedError".
func kindOf(err error) string {
	name := fmt.Sprintf("%T", err)
	return name[strings.LastIndex(name, ".")+1:]
}

// errorObject is an error in the protocol's form.
func errorObject(err error) object {
	var root *onduty.OndutyError
	if !errors.As(err, &root) {
		return object{"kind": "DriverError", "message": err.Error()}
	}
	told := object{"kind": kindOf(err), "code": root.Code, "reason": root.Reason, "message": root.Message}
	if len(root.Metadata) > 0 {
		told["metadata"] = root.Metadata
	}
	if root.RequestID != "" {
		told["request_id"] = root.RequestID
	}
	addDetails(told, err)
	return told
}

func addDetails(told object, err error) {
	switch err := err.(type) {
	case *onduty.InvalidRequestError:
		if len(err.Violations) > 0 {
			told["violations"] = violations(err.Violations)
		}
	case *onduty.RefusedError:
		addRefusal(told, err)
	case *onduty.NobodyAvailableError:
		told["counts"], told["skill_groups"] = messagesJSON(err.Counts), messagesJSON(err.SkillGroups)
	case *onduty.RevisionMismatchError:
		if err.Current != nil {
			told["current"] = messageJSON(err.Current)
		}
		if err.ExpectedRevision != nil {
			told["expected_revision"] = strconv.FormatInt(*err.ExpectedRevision, 10)
		}
	case *onduty.ReplacedError:
		told["workspace_id"] = err.WorkspaceID
	case *onduty.OverloadedError:
		addRetryAfter(told, err.RetryAfter)
	case *onduty.UnavailableError:
		addRetryAfter(told, err.RetryAfter)
	case *onduty.InternalError:
		if err.IncidentID != "" {
			told["incident_id"] = err.IncidentID
		}
	}
}

func addRetryAfter(told object, length time.Duration) {
	if length > 0 {
		told["retry_after"] = length.Seconds()
	}
}

func addRefusal(told object, refusal *onduty.RefusedError) {
	if refusal.Current != nil {
		told["current"] = messageJSON(refusal.Current)
	}
	if refusal.Requested != ondutyv1.Action_ACTION_UNSPECIFIED {
		told["requested"] = refusal.Requested.String()
	}
	if refusal.Allowed != nil {
		names := make([]string, 0, len(refusal.Allowed))
		for _, one := range refusal.Allowed {
			names = append(names, one.String())
		}
		told["allowed"] = names
	}
}

func violations(all []onduty.FieldViolation) []object {
	told := make([]object, 0, len(all))
	for _, one := range all {
		told = append(told, object{"field": one.Field, "description": one.Description})
	}
	return told
}

// orZero is the length of time, 0 where there is none.
func orZero(seconds *float64) time.Duration {
	if seconds == nil {
		return 0
	}
	return duration(*seconds)
}
