package dev.onduty.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.onduty.client.OndutyError;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Raw streams by name: they show each frame as it came. Nothing is resumed. */
final class Streams {
  private static final long END_LIMIT_SECONDS = 10;

  private final Connections connections;
  private final Output output;
  private final Map<String, Stream> byName = new ConcurrentHashMap<>();

  Streams(Connections connections, Output output) {
    this.connections = connections;
    this.output = output;
  }

  JsonObject open(JsonObject request) throws InvalidProtocolBufferException {
    Message message = Calls.message(request);
    ClientCall<Message, Message> call =
        connections.of(request).channel().newCall(Calls.method(request), CallOptions.DEFAULT);
    Stream stream = new Stream(Json.text(request, "stream"), call);
    byName.put(stream.name, stream);
    call.start(stream, new Metadata());
    call.request(1);
    call.sendMessage(message);
    call.halfClose();
    return new JsonObject();
  }

  JsonObject pause(JsonObject request, boolean paused) {
    of(request).setPaused(paused);
    return new JsonObject();
  }

  JsonObject cancel(JsonObject request) throws InterruptedException {
    Stream stream = of(request);
    stream.cancel();
    if (!stream.ended.await(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the stream did not end");
    }
    return new JsonObject();
  }

  private Stream of(JsonObject request) {
    String name = Json.text(request, "stream");
    Stream found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no such stream: " + name);
    }
    return found;
  }

  private final class Stream extends ClientCall.Listener<Message> {
    private final String name;
    private final ClientCall<Message, Message> call;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean paused;
    private boolean cancelled;
    private Message held;

    Stream(String name, ClientCall<Message, Message> call) {
      this.name = name;
      this.call = call;
    }

    synchronized void setPaused(boolean paused) {
      this.paused = paused;
      if (!paused && held != null) {
        show(held);
        held = null;
      }
    }

    synchronized void cancel() {
      cancelled = true;
      call.cancel("cancelled", null);
    }

    @Override
    public synchronized void onMessage(Message frame) {
      if (paused) {
        held = frame;
      } else {
        show(frame);
      }
    }

    @Override
    public synchronized void onClose(Status status, Metadata trailers) {
      JsonElement error =
          status.isOk() || cancelled
              ? JsonNull.INSTANCE
              : Json.error(OndutyError.of(status.asRuntimeException(trailers)));
      output.write("end", "stream", name, "error", error);
      ended.countDown();
    }

    private void show(Message frame) {
      output.write("frame", "stream", name, "frame", Json.of(frame));
      call.request(1);
    }
  }
}
