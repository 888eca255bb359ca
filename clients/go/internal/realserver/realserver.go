// Package realserver runs the real service as a process of its own for tests: a real port, a real file, real signals. It is no
// part of the client.
package realserver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	startLimit = 90 * time.Second
	stopLimit  = 60 * time.Second

	// freePort lets the system choose: no test ever takes a port that was another's.
	freePort = "127.0.0.1:0"
)

var serving = regexp.MustCompile(`Onduty is serving on (\S+:\d+)`)

// Server is a running server; it is stopped at the end of the test.
type Server struct {
	// Address is its "host:port".
	Address string

	program string
	journal string
	door    *door // nil: clients come to the server itself
	process *exec.Cmd
	output  chan struct{} // closed when its standard output has ended
}

// Program is the path of the service's command, or a reason to skip.
func Program() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	program := filepath.Join(filepath.Dir(here), "..", "..", "..", "..", ".venv", "bin", "onduty")
	if _, err := os.Stat(program); err != nil {
		return "", fmt.Errorf("the service is not installed: run `make setup-run` at the root of the repository: %w", err)
	}
	return program, nil
}

// Start starts a server of its own for the test, on an empty journal. It skips the test where the service is not installed.
func Start(t testing.TB) *Server {
	t.Helper()
	program, err := Program()
	if err != nil {
		t.Skip(err)
	}
	entrance, err := openDoor()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(entrance.close)
	server := &Server{program: program, journal: filepath.Join(t.TempDir(), "journal.db"), door: entrance}
	if err := server.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop(t) })
	return server
}

func (s *Server) start() error {
	process := exec.Command(s.program, "serve", "--listen", freePort, "--journal", s.journal, "--log-level", "error")
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return err
	}
	address := make(chan string, 1)
	s.process, s.output = process, make(chan struct{})
	go s.read(output, address)
	select {
	case s.Address = <-address:
		if s.door != nil {
			s.door.leadTo(s.Address)
			s.Address = s.door.address()
		}
		return nil
	case <-s.output:
	case <-time.After(startLimit):
	}
	_ = process.Process.Kill()
	<-s.output
	_ = process.Wait()
	s.process = nil
	return errors.New("the server did not start")
}

func (s *Server) read(output io.Reader, address chan<- string) {
	defer close(s.output)
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if found := serving.FindStringSubmatch(lines.Text()); found != nil {
			address <- found[1]
		}
	}
}

// Stop ends the server as an operator would, and waits for its end.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

func (s *Server) stop() error {
	if s.process == nil {
		return nil
	}
	process := s.process
	s.process = nil
	if s.door != nil {
		s.door.leadTo("")
	}
	_ = process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.output:
	case <-time.After(stopLimit):
		_ = process.Process.Kill()
		<-s.output
	}
	if err := process.Wait(); err != nil {
		return fmt.Errorf("the server ended badly: %w", err)
	}
	return nil
}

// Resume starts the stopped server again, on the same journal and with the same address.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

var (
	shared struct {
		sync.Mutex
		server    *Server
		directory string
	}
	tenants atomic.Int64
)

// Shared gives the address of the server that the tests of one package share, and a fresh tenant on it. Main stops it.
func Shared(t testing.TB) (address, tenant string) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		startShared(t)
	}
	return shared.server.Address, fmt.Sprintf("tenant-%d", tenants.Add(1))
}

func startShared(t testing.TB) {
	t.Helper()
	program, err := Program()
	if err != nil {
		t.Skip(err)
	}
	directory, err := os.MkdirTemp("", "onduty-go-")
	if err != nil {
		t.Fatal(err)
	}
	server := &Server{program: program, journal: filepath.Join(directory, "journal.db")}
	if err := server.start(); err != nil {
		t.Fatal(err)
	}
	shared.server, shared.directory = server, directory
}

// Main runs the tests of a package and stops the shared server; for TestMain. The result is the exit code.
func Main(m *testing.M) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return code
	}
	if err := shared.server.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	if err := os.RemoveAll(shared.directory); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}
