package main

import (
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

// frame is a message as its bytes. It is read into the same memory again and again.
type frame struct{ b []byte }

// rawCodec moves bytes as they are: what is measured is the server, not this program's protobuf.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.(*frame).b)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	into := v.(*frame)
	if size := data.Len(); cap(into.b) < size {
		into.b = make([]byte, size+size/4)
	}
	into.b = into.b[:data.Len()]
	data.CopyTo(into.b)
	return nil
}

// fields calls visit for every length-delimited field of a message; other fields are passed over. False: not a message.
func fields(message []byte, visit func(number protowire.Number, content []byte)) bool {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		if kind == protowire.BytesType {
			content, n := protowire.ConsumeBytes(message)
			if n < 0 {
				return false
			}
			visit(number, content)
			message = message[n:]
			continue
		}
		if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
			return false
		}
		message = message[n:]
	}
	return true
}

// only is the last length-delimited field with this number, nil where there is none.
func only(message []byte, wanted protowire.Number) []byte {
	var found []byte
	fields(message, func(number protowire.Number, content []byte) {
		if number == wanted {
			found = content
		}
	})
	return found
}

// number is the last varint field with this number, 0 where there is none.
func number(message []byte, wanted protowire.Number) uint64 {
	var found uint64
	for len(message) > 0 {
		tag, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return found
		}
		message = message[n:]
		if n = protowire.ConsumeFieldValue(tag, kind, message); n < 0 {
			return found
		}
		if tag == wanted && kind == protowire.VarintType {
			found, _ = protowire.ConsumeVarint(message)
		}
		message = message[n:]
	}
	return found
}

// sequenceDigits is the length of a change's number where it is written as text.
const sequenceDigits = 12

// appendSequence writes a number as text of fixed length.
func appendSequence(to []byte, sequence uint64) []byte {
	var digits [sequenceDigits]byte
	for i := sequenceDigits - 1; i >= 0; i-- {
		digits[i] = byte('0' + sequence%10)
		sequence /= 10
	}
	return append(to, digits[:]...)
}

// parseSequence reads it back; false where the text does not begin with one.
func parseSequence(text []byte) (uint64, bool) {
	if len(text) < sequenceDigits {
		return 0, false
	}
	var value uint64
	for _, digit := range text[:sequenceDigits] {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		value = value*10 + uint64(digit-'0')
	}
	return value, true
}
