package dev.onduty.examples;

import dev.onduty.client.Connection;
import dev.onduty.client.WorkspaceClient;
import dev.onduty.v1.Staff;
import dev.onduty.v1.Status;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One staff member's day, as short as it gets: sign in, take a call, wrap up, sign out. */
public final class Workspace {
  private static final Duration WRAP_UP = Duration.ofSeconds(2);

  private final BlockingQueue<Staff> states = new ArrayBlockingQueue<>(100);
  private final WorkspaceClient workspace;
  private Status shown = Status.STATUS_UNSPECIFIED;

  private Workspace(WorkspaceClient workspace) {
    this.workspace = workspace;
  }

  /**
   * Takes one call and ends.
   *
   * @param arguments --server HOST:PORT --staff-id ID [--tenant T]
   * @throws InterruptedException where the main thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    Arguments given = new Arguments(arguments);
    try (Connection connection = given.connect();
        WorkspaceClient workspace = connection.workspace(given.required("staff-id"))) {
      new Workspace(workspace).run();
    }
  }

  private void run() throws InterruptedException {
    workspace.onState(states::offer);
    workspace.attach();
    workspace.waitAttached(Duration.ofMinutes(1));
    workspace.changeStatus(Status.STATUS_AVAILABLE);
    while (!nextState().hasOffer()) {}
    workspace.accept();
    while (nextState().getStatus() != Status.STATUS_AFTER_CALL_WORK) {}
    wrapUp();
    workspace.backToReception();
    workspace.changeStatus(Status.STATUS_OFFLINE);
    while (nextState().getStatus() != Status.STATUS_OFFLINE) {}
  }

  private void wrapUp() throws InterruptedException {
    long end = System.nanoTime() + WRAP_UP.toNanos();
    while (System.nanoTime() < end) {
      workspace
          .remainingWrapUp()
          .ifPresent(left -> System.out.println("wrap-up: " + left.toSeconds() + " s left"));
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private Staff nextState() throws InterruptedException {
    Staff state = states.take();
    if (state.getStatus() != shown) {
      shown = state.getStatus();
      System.out.println(shown.name().replaceFirst("^STATUS_", ""));
    }
    return state;
  }
}
