package dev.onduty.client;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

  // So soon after a server's return the channel tries again; gRPC's own wait grows to two minutes.
  private static final Duration RECONNECT_MOST = Duration.ofMillis(800);

  private final ExecutorService callbacks;
  private final Executor later;
  private final AtomicBoolean willTryAgain = new AtomicBoolean();
  private final ManagedChannel channel;

  private Transport(Options options, ExecutorService callbacks) {
    this.callbacks = callbacks;
    this.later =
        CompletableFuture.delayedExecutor(
            RECONNECT_MOST.toMillis(), TimeUnit.MILLISECONDS, callbacks);
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder("dns:///" + options.target(), credentials(options))
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
    watchReconnects();
  }

  /** Whenever the channel has lost its server it tries again within the limit. */
  private void watchReconnects() {
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.SHUTDOWN) {
      return;
    }
    channel.notifyWhenStateChanged(state, this::watchReconnects);
    tryAgainLater(state);
  }

  private void tryAgainLater(ConnectivityState state) {
    if (state == ConnectivityState.TRANSIENT_FAILURE && willTryAgain.compareAndSet(false, true)) {
      later.execute(this::tryAgain);
    }
  }

  private void tryAgain() {
    willTryAgain.set(false);
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
    tryAgainLater(state);
  }

  /** Makes the channel; it connects with the first call. Fails with IllegalArgumentException. */
  static Transport open(Options options) {
    ExecutorService callbacks = Executors.newCachedThreadPool(threads("onduty-callback"));
    try {
      return new Transport(options, callbacks);
    } catch (RuntimeException failed) {
      stop(callbacks);
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
    stop(callbacks);
  }

  private static void stop(ExecutorService callbacks) {
    callbacks.shutdown();
    if (Thread.currentThread() instanceof OwnThread) {
      return;
    }
    try {
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
