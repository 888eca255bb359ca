package dev.onduty.client;

import dev.onduty.v1.GetServerInfoRequest;
import dev.onduty.v1.GetServerInfoResponse;
import dev.onduty.v1.ServerServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One gRPC channel to the service. It makes the metadata, deadlines, retries and errors of every
 * call, and holds no rule of the service.
 *
 * <p>Safe for use by many threads; one connection serves a whole program. Its threads are daemons
 * whose names begin with {@code onduty-}; they end with {@link #close()}.
 */
public final class Connection implements AutoCloseable {
  /** The version of this client. */
  public static final String VERSION = "0.1.0-SNAPSHOT";

  private static final long NUDGE_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Options options;
  private final Transport transport;
  private final Channel channel;
  private final AtomicInteger threadCount = new AtomicInteger();
  private final AtomicLong nudgedAt = new AtomicLong(System.nanoTime() - NUDGE_INTERVAL_NANOS);
  private final Set<AutoCloseable> parts = new LinkedHashSet<>();
  // From the beginning of the end nothing is opened; from the end of the parts nothing is called.
  private boolean closed;
  private volatile boolean over;

  private Connection(Options options) {
    this.options = options;
    this.transport = Transport.open(options);
    this.channel =
        ClientInterceptors.intercept(
            transport.channel(),
            new CallDefaults(options, transport.callbacks(), this::nudgeSometimes));
  }

  /**
   * Opens a connection. The server is reached with the first call, so a server that is not there
   * fails that call and not this one.
   *
   * @param options where to and how
   * @return the connection
   * @throws IllegalArgumentException where a field is out of its bounds, or a file of the TLS
   *     options cannot be used
   */
  public static Connection open(Options options) {
    options.check();
    return new Connection(options);
  }

  /**
   * The options that the connection was made with.
   *
   * @return the options
   */
  public Options options() {
    return options;
  }

  /**
   * The channel for generated stubs. Metadata, deadline, retries and request ids are added to their
   * calls as well; turn what they throw into the error tree with {@link OndutyError#of}.
   *
   * @return the channel
   */
  public Channel channel() {
    return channel;
  }

  /**
   * Makes a unary call and waits for its answer, within the options' {@code callTimeout}.
   *
   * @param method the method, as in {@code AdminServiceGrpc.getCreateStaffMethod()}
   * @param request the request; a mutation without a request id is given one
   * @param <Q> the request's type
   * @param <A> the answer's type
   * @return the answer
   * @throws OndutyError where the call fails
   */
  public <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    return call(method, request, options.callTimeout());
  }

  /**
   * Makes a unary call and waits for its answer.
   *
   * @param method the method
   * @param request the request; a mutation without a request id is given one
   * @param timeout the deadline, counted from now
   * @param <Q> the request's type
   * @param <A> the answer's type
   * @return the answer
   * @throws OndutyError where the call fails
   */
  public <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration timeout) {
    return call(method, request, within(timeout));
  }

  /** Makes a unary call that waits within its deadline for a server that is not reached. */
  <Q, A> A callWhenReady(MethodDescriptor<Q, A> method, Q request, Duration timeout) {
    return call(method, request, within(timeout).withWaitForReady());
  }

  /** Begins such a call without waiting for its answer. */
  <Q, A> Future<A> begin(MethodDescriptor<Q, A> method, Q request) {
    CallOptions waiting = within(options.callTimeout()).withWaitForReady();
    return ClientCalls.futureUnaryCall(channel.newCall(method, waiting), request);
  }

  /** The error of a call that failed. */
  OndutyError error(Throwable failed) {
    return over ? closedError() : OndutyError.of(failed);
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, CallOptions callOptions) {
    try {
      return ClientCalls.blockingUnaryCall(channel, method, callOptions, request);
    } catch (StatusRuntimeException failed) {
      throw error(failed);
    }
  }

  private static CallOptions within(Duration timeout) {
    return CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static OndutyError closedError() {
    return Errors.make(Failure.local(Status.Code.CANCELLED, "", "the connection is closed", null));
  }

  /**
   * Asks what the server is: version, store, limits, and as whom it understood this connection.
   *
   * @return what the server tells
   * @throws OndutyError where the call fails: {@link UnsupportedError} by a server that is older
   *     than this call
   */
  public GetServerInfoResponse serverInfo() {
    return call(
        ServerServiceGrpc.getGetServerInfoMethod(), GetServerInfoRequest.getDefaultInstance());
  }

  /**
   * The side of routers and telephony.
   *
   * @return a client on this connection
   */
  public RouterClient router() {
    return new RouterClient(this);
  }

  /**
   * One staff member's desktop.
   *
   * @param staffId whose
   * @return a client on this connection, not attached yet
   */
  public WorkspaceClient workspace(String staffId) {
    return new WorkspaceClient(this, staffId);
  }

  /**
   * One staff member's desktop, with an id that the server knows it by.
   *
   * @param staffId whose
   * @param workspaceId the workspace's id, 1-128 characters; who attaches with it takes the place
   *     of who has it
   * @param userAgent what the workspace is, up to 200 characters
   * @return a client on this connection, not attached yet
   */
  public WorkspaceClient workspace(String staffId, String workspaceId, String userAgent) {
    return new WorkspaceClient(this, staffId, workspaceId, userAgent);
  }

  /**
   * Ends outboxes, floors and attachments made from this connection, then the channel and its
   * threads. An outbox with facts in it delivers for the call timeout more. Calls under way fail
   * with code {@code CANCELLED}. May be called twice.
   */
  @Override
  public void close() {
    List<AutoCloseable> ending;
    synchronized (parts) {
      closed = true;
      ending = List.copyOf(parts);
    }
    for (AutoCloseable part : ending) {
      try {
        part.close();
      } catch (Exception failed) {
        // Parts are this package's own and throw nothing; the others must be ended in any case.
        throw new AssertionError(failed);
      }
    }
    over = true;
    transport.close();
  }

  <Q, A> ClientCall<Q, A> newStream(MethodDescriptor<Q, A> method) {
    return channel.newCall(method, CallOptions.DEFAULT);
  }

  /** Where handlers run that no thread of their own runs. */
  Executor callbacks() {
    return transport.callbacks();
  }

  Thread newThread(String name, Runnable work) {
    return new Transport.OwnThread(work, name + "-" + threadCount.incrementAndGet());
  }

  /** Has {@code part} closed with this connection. Fails where the connection is closed already. */
  void add(AutoCloseable part) {
    synchronized (parts) {
      if (closed) {
        throw closedError();
      }
      parts.add(part);
    }
  }

  void remove(AutoCloseable part) {
    synchronized (parts) {
      parts.remove(part);
    }
  }

  /**
   * Lets a channel that lost its server try again now instead of after its own growing wait.
   *
   * @param changed run once the channel has left its failure
   * @return false where there is no failure to wait for
   */
  boolean nudge(Runnable changed) {
    ManagedChannel inner = transport.channel();
    if (inner.getState(true) != ConnectivityState.TRANSIENT_FAILURE) {
      return false;
    }
    inner.resetConnectBackoff();
    inner.notifyWhenStateChanged(ConnectivityState.TRANSIENT_FAILURE, changed);
    return true;
  }

  private void nudgeSometimes() {
    long now = System.nanoTime();
    long last = nudgedAt.get();
    boolean due = now - last >= NUDGE_INTERVAL_NANOS && nudgedAt.compareAndSet(last, now);
    ManagedChannel inner = transport.channel();
    if (due && inner.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      inner.resetConnectBackoff();
    }
  }
}
