package dev.onduty.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.onduty.client.Outbox;
import dev.onduty.client.OutboxBuilder;
import dev.onduty.client.SettledFact;
import dev.onduty.v1.CallEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Outboxes by name, with what is settled turned into events. */
final class Outboxes {
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

  private final Connections connections;
  private final Output output;
  private final Map<String, Outbox> byName = new ConcurrentHashMap<>();

  Outboxes(Connections connections, Output output) {
    this.connections = connections;
    this.output = output;
  }

  JsonObject open(JsonObject request) {
    String name = Json.text(request, "outbox");
    OutboxBuilder builder = connections.of(request).router().outboxBuilder();
    JsonObject options = Json.object(request, "options");
    if (options.has("most_facts")) {
      builder.mostFacts(options.get("most_facts").getAsInt());
    }
    if (options.has("most_bytes")) {
      builder.mostBytes(options.get("most_bytes").getAsLong());
    }
    Json.seconds(options, "keep_seconds").ifPresent(builder::keep);
    byName.put(name, builder.onSettled(fact -> show(name, fact)).open());
    return new JsonObject();
  }

  JsonObject add(JsonObject request) throws InvalidProtocolBufferException {
    CallEvent fact = Json.read(request, "fact", CallEvent.newBuilder()).build();
    JsonObject ok = new JsonObject();
    ok.addProperty("request_id", of(request).add(fact));
    return ok;
  }

  JsonObject flush(JsonObject request) throws InterruptedException {
    of(request).flush(Json.seconds(request, "timeout").orElse(DEFAULT_WAIT));
    return new JsonObject();
  }

  JsonObject close(JsonObject request) {
    Duration timeout = Json.seconds(request, "timeout").orElse(DEFAULT_WAIT);
    JsonObject ok = new JsonObject();
    ok.add("left", Json.of(of(request).close(timeout)));
    return ok;
  }

  private Outbox of(JsonObject request) {
    String name = Json.text(request, "outbox");
    Outbox found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no such outbox: " + name);
    }
    return found;
  }

  private void show(String outbox, SettledFact fact) {
    JsonObject event = Output.event("settled", "outbox", outbox);
    event.addProperty("request_id", fact.requestId());
    JsonElement error = fact.error().map(Json::error).map(JsonElement.class::cast).orElse(null);
    event.add("error", error == null ? JsonNull.INSTANCE : error);
    output.write(event);
  }
}
