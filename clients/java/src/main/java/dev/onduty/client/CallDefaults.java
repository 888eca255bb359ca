package dev.onduty.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors.CheckedForwardingClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Gives every call what it must have: tenant, actor, token, a deadline, and a request id where it
 * changes something. It never changes what the caller has set.
 */
final class CallDefaults implements ClientInterceptor {
  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("onduty-tenant", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> ACTOR =
      Metadata.Key.of("onduty-actor", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String REQUEST_ID = "request_id";

  private final Options options;
  private final Executor callbacks;
  private final Runnable beforeCall;

  CallDefaults(Options options, Executor callbacks, Runnable beforeCall) {
    this.options = options;
    this.callbacks = callbacks;
    this.beforeCall = beforeCall;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions callOptions, Channel next) {
    boolean unary = method.getType() == MethodType.UNARY;
    CallOptions bounded = callOptions;
    if (unary && callOptions.getDeadline() == null) {
      long nanos = options.callTimeout().toNanos();
      bounded = callOptions.withDeadlineAfter(nanos, TimeUnit.NANOSECONDS);
    }
    if (unary) {
      beforeCall.run();
    }
    return new Call<>(next.newCall(method, bounded));
  }

  /** The message with a request id of its own, where it has the field and the caller gave none. */
  static <Q> Q identified(Q message, String requestId) {
    FieldDescriptor field = requestIdField(message);
    if (field == null || !((Message) message).getField(field).equals("")) {
      return message;
    }
    @SuppressWarnings("unchecked") // A message's builder builds the message's own type.
    Q changed = (Q) ((Message) message).toBuilder().setField(field, requestId).build();
    return changed;
  }

  /** The message's request id; empty where it has none. */
  static String requestIdOf(Object message) {
    FieldDescriptor field = requestIdField(message);
    return field == null ? "" : (String) ((Message) message).getField(field);
  }

  static String newRequestId() {
    return UUID.randomUUID().toString();
  }

  private static FieldDescriptor requestIdField(Object message) {
    return message instanceof Message typed
        ? typed.getDescriptorForType().findFieldByName(REQUEST_ID)
        : null;
  }

  private void addMetadata(Metadata headers) throws StatusException {
    options.tenant().ifPresent(tenant -> headers.put(TENANT, tenant));
    options.actor().ifPresent(actor -> headers.put(ACTOR, actor));
    if (options.token().isEmpty()) {
      return;
    }
    String token = presentToken(options.token().get());
    if (token != null && !token.isEmpty()) {
      headers.put(AUTHORIZATION, "Bearer " + token);
    }
  }

  /** The token, unless its function does not give it in time. A fixed one is at hand. */
  private String presentToken(Supplier<String> source) throws StatusException {
    if (!options.tokenRenews()) {
      return source.get();
    }
    try {
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(source, callbacks);
      return answer.get(options.callTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription("the token function did not answer in time")
          .asException();
    } catch (ExecutionException failed) {
      throw Status.UNAUTHENTICATED
          .withDescription("the token function failed: " + failed.getCause())
          .withCause(failed.getCause())
          .asException();
    } catch (RejectedExecutionException closed) {
      throw Status.CANCELLED.withDescription("the connection is closed").asException();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("the thread was interrupted").asException();
    }
  }

  /**
   * What a CANCELLED that nobody asked for means: a server has too many calls, or a proxy goes
   * away.
   */
  private static Status unasked(Status status) {
    if (status.getCode() != Status.Code.CANCELLED) {
      return status;
    }
    return Status.UNAVAILABLE.withDescription(status.getDescription()).withCause(status.getCause());
  }

  private final class Call<Q, A> extends CheckedForwardingClientCall<Q, A> {
    private volatile String requestId = "";
    private volatile boolean endedHere;

    Call(ClientCall<Q, A> delegate) {
      super(delegate);
    }

    @Override
    protected void checkedStart(Listener<A> listener, Metadata headers) throws StatusException {
      addMetadata(headers);
      Context context = Context.current();
      delegate()
          .start(
              new SimpleForwardingClientCallListener<A>(listener) {
                @Override
                public void onClose(Status status, Metadata trailers) {
                  if (!status.isOk() && !requestId.isEmpty()) {
                    trailers.put(Errors.REQUEST_ID, requestId);
                  }
                  boolean asked = endedHere || context.isCancelled();
                  super.onClose(asked ? status : unasked(status), trailers);
                }
              },
              headers);
    }

    @Override
    public void cancel(String message, Throwable cause) {
      endedHere = true;
      super.cancel(message, cause);
    }

    @Override
    public void sendMessage(Q message) {
      Q identified = identified(message, newRequestId());
      requestId = requestIdOf(identified);
      super.sendMessage(identified);
    }
  }
}
