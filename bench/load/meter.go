package main

import (
	"fmt"
	"math"
	"slices"
	"syscall"
	"time"
	"unsafe"
)

// cpuSeconds is what a process has used so far, user and system together, of all its threads. 0 for process 0, "none".
// It reads the clock of the process, to the nanosecond: /proc/PID/stat counts hundredths of a second, which is much of a round
// in which there is little to do.
func cpuSeconds(pid int) (float64, error) {
	if pid == 0 {
		return 0, nil
	}
	var used syscall.Timespec
	clock := uintptr(int32(^pid)<<3 | processClock)
	if _, _, failed := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&used)), 0); failed != 0 {
		return 0, fmt.Errorf("the server's process is gone: %w", failed)
	}
	return float64(used.Nano()) / 1e9, nil
}

// processClock is what CPUCLOCK_SCHED is in a clock's number of the kernel's: all threads, by what the scheduler counts.
const processClock = 2

// ownCPUSeconds is what this process has used so far.
func ownCPUSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

// reading is one moment of a measurement.
type reading struct {
	at     time.Time
	server float64
	own    float64
}

func read(pid int) (reading, error) {
	server, err := cpuSeconds(pid)
	return reading{time.Now(), server, ownCPUSeconds()}, err
}

// span is what passed between two readings, all in seconds.
type span struct {
	Seconds   float64 `json:"seconds"`
	ServerCPU float64 `json:"server_cpu"`
	OwnCPU    float64 `json:"own_cpu"`
}

func (from reading) to(until reading) span {
	return span{until.at.Sub(from.at).Seconds(), until.server - from.server, until.own - from.own}
}

// quantiles are latencies in milliseconds; all zero where there were none.
type quantiles struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// summarize sorts the latencies (nanoseconds) in place and takes the nearest rank.
func summarize(nanos []int64) quantiles {
	if len(nanos) == 0 {
		return quantiles{}
	}
	slices.Sort(nanos)
	at := func(q float64) float64 {
		rank := int(math.Ceil(q*float64(len(nanos)))) - 1
		return float64(nanos[max(rank, 0)]) / 1e6
	}
	return quantiles{len(nanos), at(0.50), at(0.90), at(0.99), at(1)}
}
