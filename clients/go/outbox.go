package onduty

// Delivers facts about calls in the end. What goes out when says fact_queue.go; this file sends, waits and tells.

import (
	"context"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

const (
	defaultMostFacts = 10_000
	defaultMostBytes = 16 << 20
	defaultKeep      = 24 * time.Hour // the server knows request ids for so long
)

// OutboxOptions say how much an outbox holds, for how long, and who is told. A field that is zero has its default.
type OutboxOptions struct {
	// MostFacts is how many facts it holds; it is full then. Default 10,000.
	MostFacts int
	// MostBytes is how many bytes of facts it holds; it is full then. Default 16 MiB.
	MostBytes int
	// Keep is for how long a fact that is not taken is held, up to 24 h: the server knows request ids for so long. Default 24 h.
	Keep time.Duration
	// OnSettled gets each fact that leaves the outbox, taken or not, in the outbox's goroutine. Nil: what is not taken is logged.
	OnSettled func(SettledFact)
	// OnError gets what OnSettled panicked with. Nil: it is logged.
	OnError func(error)
}

func (o OutboxOptions) complete() (OutboxOptions, error) {
	if o.MostFacts == 0 {
		o.MostFacts = defaultMostFacts
	}
	if o.MostBytes == 0 {
		o.MostBytes = defaultMostBytes
	}
	orDefault(&o.Keep, defaultKeep)
	switch {
	case o.MostFacts < 0:
		return o, badOption("MostFacts", "must be 1 or more, is %d", o.MostFacts)
	case o.MostBytes < 0:
		return o, badOption("MostBytes", "must be 1 or more, is %d", o.MostBytes)
	case o.Keep < 0 || o.Keep > defaultKeep:
		return o, badOption("Keep", "must be above zero and up to %v, is %v", defaultKeep, o.Keep)
	}
	if o.OnError == nil {
		o.OnError = logError
	}
	return o, nil
}

// Outbox holds facts until the service has taken them, and repeats them meanwhile. The facts of one call arrive in the order in
// which they were given, each once: each has one request id. It holds them in memory only: after the end of the program
// reconcile. It is safe for concurrent use.
type Outbox struct {
	connection *Connection
	options    OutboxOptions
	wake       chan struct{}      // holds one sign that there is something to do
	stop       context.CancelFunc // ends the attempt and the waiting
	done       chan struct{}      // closed when the goroutine has ended
	own        goroutine

	mu      sync.Mutex
	queue   *factQueue
	untold  int // facts that have left the queue and of which OnSettled is still to be told
	closing bool
	left    []*ondutyv1.CallEvent
	news    chan struct{} // closed, and made anew, when facts are settled and told
}

// Outbox makes an outbox and begins to deliver. The error is an *OptionError, or that the connection is closed.
func (r *RouterClient) Outbox(options OutboxOptions) (*Outbox, error) {
	complete, err := options.complete()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	made := &Outbox{
		connection: r.connection, options: complete, wake: make(chan struct{}, 1), stop: stop, done: make(chan struct{}),
		queue: newFactQueue(complete, r.connection.options.BackoffInitial), news: make(chan struct{}),
	}
	if err := r.connection.adopt(made); err != nil {
		stop()
		return nil, err
	}
	go made.run(ctx)
	return made, nil
}

// --- giving facts ----------------------------------------------------------------------------------------------------

// CallStarted holds the fact that a call is in progress, and gives its request id. It waits for nothing. Say OccurredAt: the fact
// may come late. An *OverloadedError without a reason says that the outbox is full; code CANCELLED, that it is closed.
// WithRequestID is the only option that counts.
func (o *Outbox) CallStarted(fact CallFact, options ...CallOption) (requestID string, err error) {
	return o.Add(&ondutyv1.CallEvent{Event: &ondutyv1.CallEvent_Started{Started: startedRequest(fact, chosen(options).requestID)}})
}

// CallEnded holds the fact that a call, or one leg of it, ended, and gives its request id. It fails as CallStarted does.
func (o *Outbox) CallEnded(fact CallFact, options ...CallOption) (requestID string, err error) {
	return o.Add(&ondutyv1.CallEvent{Event: &ondutyv1.CallEvent_Ended{Ended: endedRequest(fact, chosen(options).requestID)}})
}

// Add holds a fact, also one that another outbox had left, and gives its request id. It fails as CallStarted does.
func (o *Outbox) Add(event *ondutyv1.CallEvent) (requestID string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closing {
		return "", localError(codes.Canceled, "", "the outbox is closed", nil)
	}
	requestID, err = o.queue.add(event, time.Now())
	o.sign()
	return requestID, err
}

func (o *Outbox) sign() {
	select {
	case o.wake <- struct{}{}:
	default: // the sign is there already
	}
}

// --- reading ---------------------------------------------------------------------------------------------------------

// Size is how many facts it holds.
func (o *Outbox) Size() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queue.count
}

// SizeBytes is how many bytes these have.
func (o *Outbox) SizeBytes() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queue.sizeBytes
}

// LastError is why the last attempt that failed did. Nil: none did.
func (o *Outbox) LastError() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queue.lastError
}

// Flush waits until everything is settled and told. It fails with a *TimedOutError when ctx ends first, and with code CANCELLED
// where the outbox was closed with facts in it.
func (o *Outbox) Flush(ctx context.Context) error {
	for {
		o.mu.Lock()
		count, settled, left, last, news := o.queue.count, o.isSettled(), len(o.left), o.queue.lastError, o.news
		o.mu.Unlock()
		switch {
		case left > 0:
			return localError(codes.Canceled, "", "the outbox was closed", nil)
		case settled:
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return waitError(ctx, fmt.Sprintf("the outbox still holds %d facts", count), last)
		}
	}
}

func (o *Outbox) isSettled() bool { return o.queue.count == 0 && o.untold == 0 }

// --- the end ---------------------------------------------------------------------------------------------------------

// Close delivers what it holds until ctx ends, then ends the outbox. It gives what is left, which OnSettled is told as well, and
// which can be given to another outbox. It may be called twice. In OnSettled it begins the end and does not wait for it.
func (o *Outbox) Close(ctx context.Context) (left []*ondutyv1.CallEvent) {
	o.mu.Lock()
	o.closing = true
	o.mu.Unlock()
	o.sign()
	if o.own.isThis() {
		o.stop()
		return nil
	}
	select {
	case <-o.done:
	case <-ctx.Done():
		o.stop()
		<-o.done
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.left
}

func (o *Outbox) end() {
	ctx, cancel := context.WithTimeout(context.Background(), o.connection.options.CallTimeout)
	defer cancel()
	o.Close(ctx)
}

func (o *Outbox) runsHere() bool { return o.own.isThis() }

// --- delivering ------------------------------------------------------------------------------------------------------

func (o *Outbox) run(ctx context.Context) {
	o.own.enter()
	defer close(o.done)
	defer o.stop()
	for ctx.Err() == nil {
		batch, gone, over := o.next()
		o.tell(gone)
		switch {
		case len(batch) > 0:
			o.rest(ctx, o.deliver(ctx, batch))
		case over:
			o.stop()
		case len(gone) == 0:
			select {
			case <-o.wake:
			case <-ctx.Done():
			}
		}
	}
	o.mu.Lock()
	left := o.queue.giveUp()
	o.untold += len(left)
	for _, one := range left {
		o.left = append(o.left, one.Event)
	}
	o.closing = true
	o.mu.Unlock()
	o.tell(left)
	o.connection.release(o)
}

// next is what goes out now, what is given up, and whether there is nothing more to do for good.
func (o *Outbox) next() (batch []*heldFact, gone []SettledFact, over bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	gone = o.queue.expired(time.Now())
	o.untold += len(gone)
	return o.queue.batch(), gone, o.closing && o.queue.count == 0
}

// deliver makes one attempt; it gives how long to wait before the next one.
func (o *Outbox) deliver(ctx context.Context, batch []*heldFact) time.Duration {
	request := &ondutyv1.ReportCallEventsRequest{}
	for _, held := range batch {
		request.Events = append(request.Events, held.event)
	}
	began := time.Now()
	answer := &ondutyv1.ReportCallEventsResponse{}
	err := o.connection.Invoke(ctx, ondutyv1.RouterService_ReportCallEvents_FullMethodName, request, answer, grpc.WaitForReady(true))
	if ctx.Err() != nil {
		return 0
	}
	o.mu.Lock()
	var settled []SettledFact
	var wait time.Duration
	if err != nil {
		settled, wait = o.queue.failed(batch, err, time.Since(began))
	} else {
		settled, wait = o.queue.answered(batch, answer.GetResults())
	}
	o.untold += len(settled)
	o.mu.Unlock()
	o.tell(settled)
	return wait
}

func (o *Outbox) rest(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (o *Outbox) tell(settled []SettledFact) {
	for _, one := range settled {
		switch {
		case o.options.OnSettled != nil:
			guard(o.options.OnError, func() { o.options.OnSettled(one) })
		case one.Err != nil:
			logError(fmt.Errorf("the fact %s was not taken: %w", one.RequestID(), one.Err))
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.untold -= len(settled)
	if o.isSettled() || o.closing {
		close(o.news)
		o.news = make(chan struct{})
	}
}
