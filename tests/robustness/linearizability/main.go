// Linearizability reads what was asked of people and answered, as lines of JSON, and says of whom there is no order of it all that
// agrees with time and with the answers.
//
// It ends with 1 where there is somebody, and with 2 where it cannot tell.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/anishathalye/porcupine"
)

const limit = 2 * time.Minute

// operation is one request about one person. Kind is CHANGED (or made by the service itself, with no end known), or REFUSED by what
// Revision told. Before is the revision of this person in the history before Revision; -1: the request has not made Revision, and found it.
type operation struct {
	Person   string `json:"person"`
	Kind     string `json:"kind"`
	Request  string `json:"request"`
	Call     int64  `json:"call"`
	Return   int64  `json:"return"`
	Revision int64  `json:"revision"`
	Before   int64  `json:"before"`
	Expected int64  `json:"expected"`
	Wanted   int    `json:"wanted"`
	Status   int    `json:"status"`
	Claims   string `json:"claims"`
	Holds    string `json:"holds"`
}

// person is what somebody is like after an operation. Call is the one that they hold.
type person struct {
	Revision int64
	Call     string
}

// step says whether an operation may come next, and what it leads to.
func step(before person, op operation) (bool, person) {
	if op.Kind == "REFUSED" {
		return op.Revision == before.Revision && op.Expected != before.Revision, before
	}
	if op.Wanted != 0 && op.Status != op.Wanted {
		return false, before
	}
	if op.Expected != 0 && op.Expected != before.Revision {
		return false, before
	}
	if op.Revision == before.Revision { // it was so already.
		return op.Holds == before.Call, before
	}
	if op.Before != before.Revision || (op.Claims != "" && before.Call != "") {
		return false, before
	}
	return true, person{op.Revision, op.Holds}
}

var model = porcupine.Model{
	Init: func() interface{} { return person{} },
	Step: func(state, input, _ interface{}) (bool, interface{}) {
		return step(state.(person), input.(operation))
	},
	DescribeOperation: func(input, _ interface{}) string { return fmt.Sprintf("%+v", input) },
}

func read() (map[string][]porcupine.Operation, error) {
	histories := map[string][]porcupine.Operation{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var op operation
		if err := json.Unmarshal(lines.Bytes(), &op); err != nil {
			return nil, err
		}
		histories[op.Person] = append(histories[op.Person], porcupine.Operation{Input: op, Call: op.Call, Return: op.Return})
	}
	return histories, lines.Err()
}

func main() {
	histories, err := read()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	people := make([]string, 0, len(histories))
	for name := range histories {
		people = append(people, name)
	}
	sort.Strings(people)
	code := 0
	for _, name := range people {
		switch porcupine.CheckOperationsTimeout(model, histories[name], limit) {
		case porcupine.Illegal:
			fmt.Printf("%s: no order of %d requests agrees with their answers\n", name, len(histories[name]))
			code = max(code, 1)
		case porcupine.Unknown:
			fmt.Printf("%s: an order of %d requests was not found in time\n", name, len(histories[name]))
			code = 2
		}
	}
	os.Exit(code)
}
