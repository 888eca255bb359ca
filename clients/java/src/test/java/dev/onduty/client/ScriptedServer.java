package dev.onduty.client;

import dev.onduty.v1.AttachRequest;
import dev.onduty.v1.AttachResponse;
import dev.onduty.v1.BreakReason;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.ClaimStaffResponse;
import dev.onduty.v1.ListBreakReasonsRequest;
import dev.onduty.v1.ListBreakReasonsResponse;
import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.WatchColleaguesRequest;
import dev.onduty.v1.WatchColleaguesResponse;
import dev.onduty.v1.WatchStaffRequest;
import dev.onduty.v1.WatchStaffResponse;
import dev.onduty.v1.WorkspaceServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gRPC server on a real socket whose streams a test answers frame by frame: for what the real
 * server does only in rare moments, such as forgetting a position or falling silent.
 */
final class ScriptedServer implements AutoCloseable {
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  /** A stream that a client has opened. */
  static final class Stream<Q, F> {
    final Q request;
    final Metadata headers;
    final CountDownLatch cancelled = new CountDownLatch(1);
    private final StreamObserver<F> frames;

    private Stream(Q request, StreamObserver<F> frames) {
      this.request = request;
      this.headers = HEADERS.get();
      this.frames = frames;
      ((ServerCallStreamObserver<F>) frames).setOnCancelHandler(cancelled::countDown);
    }

    Stream<Q, F> send(F frame) {
      frames.onNext(frame);
      return this;
    }

    void end() {
      frames.onCompleted();
    }

    void fail(Throwable error) {
      frames.onError(error);
    }

    String header(String name) {
      return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  /** How many claims are answered with {@code claimFailure} before one succeeds. */
  final AtomicInteger claimsToFail = new AtomicInteger();

  volatile Status claimFailure = Status.UNAVAILABLE;

  final BlockingQueue<ClaimStaffRequest> claims = new LinkedBlockingQueue<>();

  /** Asked for break reasons, of which there are three pages. */
  final BlockingQueue<ListBreakReasonsRequest> lists = new LinkedBlockingQueue<>();

  /** How long each claim had when it came. */
  final BlockingQueue<Duration> times = new LinkedBlockingQueue<>();

  private final BlockingQueue<Stream<WatchStaffRequest, WatchStaffResponse>> watches =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Stream<AttachRequest, AttachResponse>> attachments =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Stream<WatchColleaguesRequest, WatchColleaguesResponse>>
      colleagueWatches = new LinkedBlockingQueue<>();
  private final Server server;

  ScriptedServer() throws Exception {
    this(NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0)));
  }

  ScriptedServer(int port) throws Exception {
    this(NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port)));
  }

  ScriptedServer(ServerCredentials credentials) throws Exception {
    this(NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0), credentials));
  }

  private ScriptedServer(NettyServerBuilder builder) throws Exception {
    server =
        builder
            .addService(new Router())
            .addService(new Workspace())
            .intercept(new KeepsHeaders())
            .build()
            .start();
  }

  /** Options of a client of this server. */
  Options.Builder options() {
    return Options.builder(address()).callTimeout(Eventually.LIMIT);
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  Stream<WatchStaffRequest, WatchStaffResponse> nextWatch() throws InterruptedException {
    return next(watches);
  }

  Stream<AttachRequest, AttachResponse> nextAttachment() throws InterruptedException {
    return next(attachments);
  }

  Stream<WatchColleaguesRequest, WatchColleaguesResponse> nextColleagueWatch()
      throws InterruptedException {
    return next(colleagueWatches);
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T next(BlockingQueue<T> streams) throws InterruptedException {
    T stream = streams.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("the client opened no stream");
    }
    return stream;
  }

  private final class Router extends RouterServiceGrpc.RouterServiceImplBase {
    @Override
    public void watchStaff(WatchStaffRequest request, StreamObserver<WatchStaffResponse> frames) {
      watches.add(new Stream<>(request, frames));
    }

    @Override
    public void claimStaff(ClaimStaffRequest request, StreamObserver<ClaimStaffResponse> answer) {
      long left = Context.current().getDeadline().timeRemaining(TimeUnit.NANOSECONDS);
      times.add(Duration.ofNanos(left));
      claims.add(request);
      if (claimsToFail.getAndDecrement() > 0) {
        answer.onError(claimFailure.asException());
        return;
      }
      answer.onNext(ClaimStaffResponse.newBuilder().setClaimId("claim").build());
      answer.onCompleted();
    }
  }

  private final class Workspace extends WorkspaceServiceGrpc.WorkspaceServiceImplBase {
    @Override
    public void watchColleagues(
        WatchColleaguesRequest request, StreamObserver<WatchColleaguesResponse> frames) {
      colleagueWatches.add(new Stream<>(request, frames));
    }

    @Override
    public void listBreakReasons(
        ListBreakReasonsRequest request, StreamObserver<ListBreakReasonsResponse> answer) {
      lists.add(request);
      int page = request.getPageToken().isEmpty() ? 1 : Integer.parseInt(request.getPageToken());
      answer.onNext(
          ListBreakReasonsResponse.newBuilder()
              .addBreakReasons(BreakReason.newBuilder().setCode("reason-" + page))
              .setPosition("p" + page)
              .setNextPageToken(page < 3 ? "" + (page + 1) : "")
              .build());
      answer.onCompleted();
    }

    @Override
    public void attach(AttachRequest request, StreamObserver<AttachResponse> frames) {
      attachments.add(new Stream<>(request, frames));
    }
  }

  private static final class KeepsHeaders implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Context context = Context.current().withValue(HEADERS, headers);
      return Contexts.interceptCall(context, call, headers, next);
    }
  }
}
