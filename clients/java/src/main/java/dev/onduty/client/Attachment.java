package dev.onduty.client;

import dev.onduty.v1.AttachRequest;
import dev.onduty.v1.AttachResponse;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.WorkspaceServiceGrpc;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The attached stream of one desktop and the state that is known by it. It makes no other call.
 *
 * <p>Guarded by its own lock; handlers run outside of it.
 */
final class Attachment implements AutoCloseable {
  // Deleted while the stream was broken: there is nobody to attach. Two workspaces of one id would
  // push each other out for ever.
  private static final List<Class<? extends OndutyError>> ALSO_FINAL =
      List.of(NotFoundError.class, ReplacedError.class);
  private static final Duration HANDLER_LIMIT = Duration.ofSeconds(30);

  private final Connection connection;
  private final String staffId;
  private final String workspaceId;
  private final String userAgent;
  private final Handlers.Faults faults = new Handlers.Faults();
  private final Handlers<Staff> stateHandlers = new Handlers<>(faults);
  private final Handlers<Boolean> attachedHandlers = new Handlers<>(faults);
  private final HandlerQueue queue;

  private Optional<StreamLoop<AttachRequest, AttachResponse>> loop = Optional.empty();
  private Optional<Staff> state = Optional.empty();
  private Optional<OndutyError> lastError = Optional.empty();
  private boolean givenUp;
  private boolean attached;
  private Countdown countdown = Countdown.UNSEEN;

  Attachment(Connection connection, String staffId, String workspaceId, String userAgent) {
    this.connection = connection;
    this.staffId = staffId;
    this.workspaceId = workspaceId;
    this.userAgent = userAgent;
    this.queue = new HandlerQueue(connection.callbacks());
  }

  synchronized void attach() {
    if (loop.isPresent() && !givenUp) {
      return;
    }
    Options options = connection.options();
    connection.add(this);
    givenUp = false;
    lastError = Optional.empty();
    Desktop desktop = new Desktop();
    desktop.loop =
        new StreamLoop<>(
            connection,
            "onduty-workspace",
            WorkspaceServiceGrpc.getAttachMethod(),
            options.bookmarkInterval().multipliedBy(3),
            options.backoffInitial(),
            options.backoffMax(),
            desktop);
    loop = Optional.of(desktop.loop);
    desktop.loop.start();
  }

  synchronized void waitAttached(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!attached) {
      if (givenUp) {
        throw lastError.orElseThrow();
      }
      if (loop.isEmpty()) {
        throw Errors.make(
            Failure.local(Status.Code.CANCELLED, "", "the workspace is not attaching", null));
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw timedOut(timeout);
      }
      wait(left / 1_000_000 + 1);
    }
  }

  @Override
  public void close() {
    Optional<StreamLoop<AttachRequest, AttachResponse>> ending;
    synchronized (this) {
      ending = loop;
      loop = Optional.empty();
      notifyAll();
    }
    ending.ifPresent(StreamLoop::close);
    try {
      queue.awaitIdle(HANDLER_LIMIT);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    connection.remove(this);
  }

  synchronized Optional<Staff> state() {
    return state;
  }

  synchronized boolean attached() {
    return attached;
  }

  synchronized Optional<OndutyError> lastError() {
    return lastError;
  }

  String workspaceId() {
    return workspaceId;
  }

  synchronized Countdown countdown() {
    return countdown;
  }

  void onState(Consumer<? super Staff> handler) {
    stateHandlers.add(handler);
  }

  void onAttached(Consumer<? super Boolean> handler) {
    attachedHandlers.add(handler);
  }

  void onError(Consumer<? super Throwable> handler) {
    faults.reportTo(handler);
  }

  /** Takes the state that a call's answer carried. */
  synchronized void answered(Staff answer) {
    if (state.isEmpty() || answer.getRevision() > state.get().getRevision()) {
      keep(answer);
    }
  }

  private void keep(Staff next) {
    boolean known = state.filter(next::equals).isPresent();
    state = Optional.of(next);
    if (!known) {
      queue.post(() -> stateHandlers.tell(next));
    }
  }

  private void setAttached(boolean next) {
    if (attached != next) {
      attached = next;
      notifyAll();
      queue.post(() -> attachedHandlers.tell(next));
    }
  }

  private void giveUp(OndutyError error) {
    givenUp = true;
    lastError = Optional.of(error);
    notifyAll();
  }

  private OndutyError timedOut(Duration timeout) {
    String last =
        lastError.map(error -> "; the last failure was: " + error.getMessage()).orElse("");
    return Errors.make(
        Failure.local(
            Status.Code.DEADLINE_EXCEEDED,
            "",
            "not attached within " + timeout.toMillis() + " ms" + last,
            lastError.orElse(null)));
  }

  /** What the stream's frames and ends mean to the desktop. */
  private final class Desktop implements StreamLoop.Owner<AttachRequest, AttachResponse> {
    private StreamLoop<AttachRequest, AttachResponse> loop;
    private boolean first;
    private boolean hasBegun;
    private boolean deleted;

    @Override
    public AttachRequest request() {
      synchronized (Attachment.this) {
        first = true;
        countdown = Countdown.UNSEEN;
        return AttachRequest.newBuilder()
            .setStaffId(staffId)
            .setWorkspaceId(workspaceId)
            .setUserAgent(userAgent)
            .setBookmarkInterval(Times.proto(connection.options().bookmarkInterval()))
            .build();
      }
    }

    @Override
    public void frame(AttachResponse frame, StreamLoop.Arrival arrival) {
      synchronized (Attachment.this) {
        switch (frame.getEventCase()) {
          case CHANGE -> change(frame.getChange(), arrival.at());
          case GOING_AWAY ->
              loop.askToWait(Times.duration(frame.getGoingAway().getReconnectAfter()));
          case BOOKMARK, EVENT_NOT_SET -> {}
        }
        setAttached(!deleted);
        hasBegun = true;
      }
      if (deleted) {
        loop.close();
      }
    }

    @Override
    public StreamLoop.Next ended(Optional<OndutyError> error) {
      synchronized (Attachment.this) {
        setAttached(false);
        lastError = error.or(() -> lastError);
        if (error.filter(this::isFinal).isPresent()) {
          giveUp(error.get());
          return StreamLoop.Next.STOP;
        }
        return StreamLoop.Next.WAIT;
      }
    }

    @Override
    public void stopped() {
      synchronized (Attachment.this) {
        // Another attachment may have begun meanwhile: its state is not this one's to change.
        if (Attachment.this.loop.filter(present -> present != loop).isPresent()) {
          return;
        }
        setAttached(false);
        if (Attachment.this.loop.isPresent()) {
          Attachment.this.loop = Optional.empty();
          connection.remove(Attachment.this);
        }
        Attachment.this.notifyAll();
      }
    }

    private void change(StaffChange change, Instant arrivedAt) {
      if (change.getTransition().hasRecordedAt()) {
        Instant recordedAt = Times.instant(change.getTransition().getRecordedAt());
        countdown = countdown.seen(recordedAt, arrivedAt);
      }
      if (change.getLeft()) {
        deleted = true;
        String message = "the staff member was deleted";
        giveUp(Errors.make(Failure.local(Status.Code.NOT_FOUND, "STAFF_UNKNOWN", message, null)));
        return;
      }
      if (first) {
        first = false;
        keep(change.getStaff());
      } else {
        answered(change.getStaff());
      }
    }

    private boolean isFinal(OndutyError error) {
      return loop.endsWith(error, hasBegun, ALSO_FINAL);
    }
  }
}
