// Package onduty is the Go client of Onduty, the staff-status service of a contact centre.
//
// It does for its users what is easily got wrong with plain stubs: resuming watches, keeping a live copy of the floor, retrying
// safely and reading refusals. Administration, supervision and history are called through the generated stubs of
// onduty.dev/client/gen/onduty/v1 on the same [Connection], with the same errors.
//
// A [Connection] is one channel. A [RouterClient] claims staff, reports calls and opens a [Floor]; a [WorkspaceClient] is one
// staff member's desktop, and [Colleagues] are those whom a staff member may see. Everything may be used from several goroutines at
// once. Messages that the client hands out are shared and must not be changed.
package onduty

// Version is the version of this client.
const Version = "0.1.0-dev.0"
