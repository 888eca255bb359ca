package dev.onduty.client;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.SingleThreadIoEventLoop;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gRPC channel of a connection with the threads it runs on. It knows nothing of metadata, calls
 * or their errors.
 */
final class Transport {
  static final String USER_AGENT = "onduty-java/" + Connection.VERSION;

  private static final String SERVICE_CONFIG = "service_config.json";
  private static final int LARGEST_ANSWER_BYTES = 64 << 20;
  // A request is kept for a retry up to this size; the server takes none that is larger.
  private static final long LARGEST_REQUEST_BYTES = 4L << 20;
  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(5);

  private final EventLoopGroup io;
  private final ExecutorService callbacks;
  private final ManagedChannel channel;

  private Transport(Options options, EventLoopGroup io, ExecutorService callbacks) {
    this.io = io;
    this.callbacks = callbacks;
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("dns:///" + options.target(), credentials(options))
            // Threads of its own end with the connection; gRPC's shared ones would outlive it.
            .eventLoopGroup(io)
            .channelType(NioSocketChannel.class)
            .executor(callbacks)
            .offloadExecutor(callbacks)
            .proxyDetector(address -> null)
            .defaultServiceConfig(serviceConfig())
            .disableServiceConfigLookUp()
            .enableRetry()
            .perRpcBufferLimit(LARGEST_REQUEST_BYTES)
            .keepAliveTime(15, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
            .userAgent(USER_AGENT);
    options.tls().flatMap(Tls::serverName).ifPresent(builder::overrideAuthority);
    this.channel = builder.build();
  }

  /** Makes the channel; it connects with the first call. Fails with IllegalArgumentException. */
  static Transport open(Options options) {
    ThreadFactory ioThreads = threads("onduty-io");
    EventLoopGroup io = new SingleThreadIoEventLoop(null, ioThreads, NioIoHandler.newFactory());
    ExecutorService callbacks = Executors.newCachedThreadPool(threads("onduty-callback"));
    try {
      return new Transport(options, io, callbacks);
    } catch (RuntimeException failed) {
      stop(io, callbacks);
      throw failed;
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  ExecutorService callbacks() {
    return callbacks;
  }

  /** Ends calls, sockets and threads. A thread of its own that calls this is not waited for. */
  void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSING_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    stop(io, callbacks);
  }

  private static void stop(EventLoopGroup io, ExecutorService callbacks) {
    callbacks.shutdown();
    Future<?> ended = io.shutdownGracefully(0, CLOSING_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (Thread.currentThread() instanceof OwnThread) {
      return;
    }
    try {
      ended.await(CLOSING_LIMIT.toMillis());
      callbacks.awaitTermination(CLOSING_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ChannelCredentials credentials(Options options) {
    if (options.tls().isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    Tls tls = options.tls().get();
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (tls.caFile().isPresent()) {
        builder.trustManager(tls.caFile().get().toFile());
      }
      if (tls.certFile().isPresent() && tls.keyFile().isPresent()) {
        builder.keyManager(tls.certFile().get().toFile(), tls.keyFile().get().toFile());
      }
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("a file of the TLS options cannot be read", unreadable);
    }
    return builder.build();
  }

  private static Map<String, ?> serviceConfig() {
    try (InputStream json = Transport.class.getResourceAsStream(SERVICE_CONFIG)) {
      if (json == null) {
        throw new IllegalStateException(SERVICE_CONFIG + " is missing from the package");
      }
      Reader reader = new InputStreamReader(json, StandardCharsets.UTF_8);
      return new Gson().fromJson(reader, new TypeToken<Map<String, Object>>() {});
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> new OwnThread(work, name + "-" + count.incrementAndGet());
  }

  /** A thread of this client: a daemon that never keeps a program from ending. */
  static final class OwnThread extends Thread {
    OwnThread(Runnable work, String name) {
      super(work, name);
      setDaemon(true);
    }
  }
}
