package dev.onduty.examples;

import dev.onduty.client.Connection;
import dev.onduty.client.Floor;
import dev.onduty.client.FloorChange;
import dev.onduty.client.NobodyAvailableError;
import dev.onduty.client.RouterClient;
import dev.onduty.client.TimedOutError;
import dev.onduty.client.UnavailableError;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.ClaimStaffResponse;
import dev.onduty.v1.GroupMember;
import dev.onduty.v1.OfferEnd;
import dev.onduty.v1.SkillGroupLevel;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.Transition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Gives the calls of standard input, an id a line, to the staff of a skill group. Everything
 * happens on the main thread, which takes one event after another: lines, changes of the floor,
 * ends.
 */
public final class Router {
  private record Waiting(String callId, String requestId) {
    Waiting(String callId) {
      this(callId, UUID.randomUUID().toString());
    }
  }

  private record Given(String callId, ClaimStaffResponse claim, boolean answered) {
    String staffId() {
      return claim.getStaff().getStaffId();
    }
  }

  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>(10_000);
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final List<Given> given = new ArrayList<>();
  private final RouterClient router;
  private final String skillGroup;
  private final double talkSeconds;
  private Floor floor;
  private boolean inputEnded;
  private Waiting asked; // the claim whose answer has not come; null: there is none

  private Router(Connection connection, Arguments arguments) {
    this.router = connection.router();
    this.skillGroup = arguments.required("skill-group");
    this.talkSeconds = arguments.seconds("talk");
  }

  /**
   * Runs until input and calls have ended.
   *
   * @param texts --server HOST:PORT [--tenant T] --skill-group G [--talk SECONDS]
   * @throws InterruptedException where the main thread is interrupted
   */
  public static void main(String[] texts) throws InterruptedException {
    Arguments arguments = new Arguments(texts);
    try (Connection connection = arguments.connect()) {
      Arguments.endOnSignal(connection);
      new Router(connection, arguments).run();
    }
  }

  private void run() throws InterruptedException {
    floor =
        router
            .floorBuilder(StaffFilter.newBuilder().addSkillGroups(skillGroup).build())
            .onChange(change -> post(() -> follow(change)))
            .onState(state -> post(this::serve))
            .open();
    floor.waitCurrent(Duration.ofMinutes(1));
    Thread input = new Thread(this::readCalls);
    input.setDaemon(true);
    input.start();
    while (!inputEnded || asked != null || !waiting.isEmpty() || !given.isEmpty()) {
      events.take().run();
    }
  }

  private void readCalls() {
    new Scanner(System.in)
        .useDelimiter("\\R")
        .tokens()
        .filter(line -> !line.isBlank())
        .forEach(line -> post(() -> waiting.add(new Waiting(line.strip())), this::serve));
    post(() -> inputEnded = true);
  }

  /** Claims for the calls that wait, in order, as long as the floor shows somebody. */
  private void serve() {
    while (asked != null || (!waiting.isEmpty() && !floor.available(skillGroup).isEmpty())) {
      if (asked == null) {
        asked = waiting.removeFirst();
      }
      try {
        offered(new Given(asked.callId(), claim(asked), false));
        asked = null;
      } catch (NobodyAvailableError later) {
        waiting.addFirst(asked); // the floor tells when to try again
        asked = null;
        return;
      } catch (UnavailableError | TimedOutError later) {
        after(
            1, this::serve); // it may have been taken: the request id tells it from a second claim
        return;
      }
    }
  }

  private ClaimStaffResponse claim(Waiting call) {
    SkillGroupLevel group = SkillGroupLevel.newBuilder().setName(skillGroup).build();
    return router.claim(
        ClaimStaffRequest.newBuilder()
            .setCallId(call.callId())
            .setGroupMember(GroupMember.newBuilder().addSkillGroups(group))
            .setRequestId(call.requestId())
            .build());
  }

  private void offered(Given call) {
    given.add(call);
    print(call, "offered");
    if (call.claim().getReplayed()) { // what came of it may have been told already
      floor.get(call.staffId()).ifPresent(now -> post(() -> follow(shown(now))));
    }
  }

  private static FloorChange shown(Staff now) {
    Optional<Staff> state = Optional.of(now);
    FloorChange.Kind kind = FloorChange.Kind.CHANGED;
    return new FloorChange(
        kind, now.getStaffId(), state, state, Optional.empty(), now.getRevision());
  }

  private void follow(FloorChange change) {
    for (Given call : List.copyOf(given)) {
      // Changes from before the claim know nothing of it.
      boolean later = change.revision() > call.claim().getStaff().getRevision();
      if (call.staffId().equals(change.staffId()) && (later || change.after().isEmpty())) {
        given.remove(call);
        follow(call, change);
      }
    }
    serve();
  }

  /** Says what the change did to a call, and keeps the call where it goes on. */
  private void follow(Given call, FloorChange change) {
    boolean offered =
        change.after().stream()
            .anyMatch(s -> s.getOffer().getClaimId().equals(call.claim().getClaimId()));
    boolean talking =
        change.after().stream()
            .flatMap(staff -> staff.getCallsList().stream())
            .anyMatch(started -> started.getCallId().equals(call.callId()));
    OfferEnd end =
        change.transition().map(Transition::getEndedOffer).stream()
            .filter(ended -> ended.getClaimId().equals(call.claim().getClaimId()))
            .map(ended -> ended.getEnd())
            .findFirst()
            .orElse(OfferEnd.OFFER_END_UNSPECIFIED);
    if (offered || (talking && call.answered())) {
      given.add(call);
    } else if (talking) {
      given.add(new Given(call.callId(), call.claim(), true));
      print(call, "answered");
      if (talkSeconds > 0) {
        after(talkSeconds, () -> end(call));
      }
    } else if (call.answered() || end == OfferEnd.OFFER_END_WITHDRAWN) {
      print(call, "ended");
    } else {
      print(call, "missed");
      waiting.addFirst(new Waiting(call.callId()));
    }
  }

  private void after(double seconds, Runnable event) {
    CompletableFuture.delayedExecutor((long) (seconds * 1000), TimeUnit.MILLISECONDS)
        .execute(() -> post(event));
  }

  private void end(Given call) {
    try {
      router.callEnded(call.staffId(), call.callId());
    } catch (UnavailableError | TimedOutError later) {
      after(1, () -> end(call));
    }
  }

  private void post(Runnable... added) {
    try {
      for (Runnable event : added) {
        events.put(event);
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private static void print(Given call, String what) {
    System.out.println(call.callId() + " " + what + " " + call.staffId());
  }
}
