module onduty.dev/bench/load

go 1.25.0

require (
	github.com/nats-io/nats.go v1.48.0
	google.golang.org/grpc v1.80.0
	google.golang.org/protobuf v1.36.12
	onduty.dev/client v0.0.0
)

require (
	github.com/klauspost/compress v1.20.0 // indirect
	github.com/nats-io/nkeys v0.4.11 // indirect
	github.com/nats-io/nuid v1.0.1 // indirect
	golang.org/x/crypto v0.47.0 // indirect
	golang.org/x/net v0.49.0 // indirect
	golang.org/x/sys v0.40.0 // indirect
	golang.org/x/text v0.33.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260120221211-b8f7ae30c516 // indirect
)

replace onduty.dev/client => ../../clients/go
