package realserver

import (
	"strings"
	"testing"
	"time"
)

// A goroutine that stays is found by the name of its function, and one that has ended is not.
func TestOthersAreThoseThatRun(t *testing.T) {
	ended := make(chan struct{})
	go stays(ended)
	if !containsSoon("realserver.stays", true) {
		t.Errorf("not found among %v", others())
	}
	close(ended)
	if !containsSoon("realserver.stays", false) {
		t.Errorf("still found among %v", others())
	}
}

func stays(ended <-chan struct{}) { <-ended }

// containsSoon says whether the stacks come to hold a name, or to hold it no more.
func containsSoon(name string, wanted bool) bool {
	for end := time.Now().Add(leakLimit); time.Now().Before(end); time.Sleep(leakInterval) {
		if strings.Contains(strings.Join(others(), "\n"), name) == wanted {
			return true
		}
	}
	return false
}
