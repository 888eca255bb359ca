package realserver

import (
	"io"
	"net"
	"sync"
)

// door is where clients come to a server that restarts. It stays open meanwhile, so that nobody else gets the port; who comes
// while no server is behind it is sent away.
type door struct {
	listener net.Listener
	passing  sync.WaitGroup

	mu     sync.Mutex
	behind string // the server's address; empty: none
}

func openDoor() (*door, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	made := &door{listener: listener}
	made.passing.Add(1)
	go made.serve()
	return made, nil
}

func (d *door) address() string { return d.listener.Addr().String() }

func (d *door) leadTo(address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.behind = address
}

func (d *door) serve() {
	defer d.passing.Done()
	for {
		client, err := d.listener.Accept()
		if err != nil {
			return
		}
		d.passing.Add(1)
		go d.pass(client)
	}
}

// pass passes bytes both ways until either side ends.
func (d *door) pass(client net.Conn) {
	defer d.passing.Done()
	defer client.Close()
	d.mu.Lock()
	address := d.behind
	d.mu.Unlock()
	if address == "" {
		return
	}
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	d.passing.Add(1)
	go func() {
		defer d.passing.Done()
		defer server.Close()
		_, _ = io.Copy(server, client)
	}()
	_, _ = io.Copy(client, server)
}

// close waits for those who pass: both the server and its clients must have ended.
func (d *door) close() {
	_ = d.listener.Close()
	d.passing.Wait()
}
