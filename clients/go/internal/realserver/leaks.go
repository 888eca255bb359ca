package realserver

import "go.uber.org/goleak"

// leakAttempts is how often goroutines are looked for; each attempt gives them about half a second to end.
const leakAttempts = 60

// Leaks says which goroutines are left at the end of a package's tests, after they had time to end.
func Leaks() (err error) {
	for range leakAttempts {
		if err = goleak.Find(); err == nil {
			return nil
		}
	}
	return err
}
