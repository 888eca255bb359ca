package main

import (
	"bytes"
	"fmt"
)

// A peer stores values that begin with the change's number; the rest is filling, of Onduty's own size.

// payloadOf is the value of a change.
func payloadOf(sequence uint64, size int) []byte {
	payload := appendSequence(make([]byte, 0, max(size, sequenceDigits)), sequence)
	return append(payload, bytes.Repeat([]byte{'.'}, max(size-sequenceDigits, 0))...)
}

// keyOf is the key of a change: as many keys as there are staff take turns.
func keyOf(sequence uint64, staff int) string {
	return fmt.Sprintf("staff.%06d", sequence%uint64(staff))
}
