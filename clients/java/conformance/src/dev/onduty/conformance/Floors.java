package dev.onduty.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.onduty.client.Floor;
import dev.onduty.client.FloorBuilder;
import dev.onduty.client.FloorChange;
import dev.onduty.client.FloorState;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffFilter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Floors by name, with their handlers turned into events. */
final class Floors {
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

  private final Connections connections;
  private final Output output;
  private final Map<String, Floor> byName = new ConcurrentHashMap<>();

  Floors(Connections connections, Output output) {
    this.connections = connections;
    this.output = output;
  }

  JsonObject open(JsonObject request) throws InvalidProtocolBufferException {
    String name = Json.text(request, "floor");
    StaffFilter filter = Json.read(request, "filter", StaffFilter.newBuilder()).build();
    FloorBuilder builder = connections.of(request).router().floorBuilder(filter);
    JsonObject options = Json.object(request, "options");
    var defaults = connections.of(request).options();
    Json.seconds(options, "bookmark_interval").ifPresent(builder::bookmarkInterval);
    Json.seconds(options, "trust_limit").ifPresent(builder::trustLimit);
    builder.backoff(
        Json.seconds(options, "backoff_initial").orElse(defaults.backoffInitial()),
        Json.seconds(options, "backoff_max").orElse(defaults.backoffMax()));
    builder.onChange(change -> show(name, change));
    builder.onState(state -> show(name, state));
    byName.put(name, builder.open());
    return new JsonObject();
  }

  JsonObject await(JsonObject request) throws InterruptedException {
    Duration timeout = Json.seconds(request, "timeout").orElse(DEFAULT_WAIT);
    of(request).waitCurrent(timeout);
    return new JsonObject();
  }

  JsonObject read(JsonObject request) {
    Floor floor = of(request);
    JsonObject ok = new JsonObject();
    ok.addProperty("state", floor.state().name());
    ok.addProperty("position", floor.position());
    ok.add("staff", Json.of(floor.all()));
    return ok;
  }

  JsonObject available(JsonObject request) {
    JsonArray ids = new JsonArray();
    of(request)
        .available(Json.text(request, "skill_group"))
        .forEach(staff -> ids.add(staff.getStaffId()));
    JsonObject ok = new JsonObject();
    ok.add("staff_ids", ids);
    return ok;
  }

  JsonObject learn(JsonObject request) throws InvalidProtocolBufferException {
    of(request).learn(Json.read(request, "staff", Staff.newBuilder()).build());
    return new JsonObject();
  }

  JsonObject close(JsonObject request) {
    of(request).close();
    return new JsonObject();
  }

  private Floor of(JsonObject request) {
    String name = Json.text(request, "floor");
    Floor found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no such floor: " + name);
    }
    return found;
  }

  private void show(String floor, FloorChange change) {
    JsonObject event = Output.event("change", "floor", floor);
    event.addProperty("kind", change.kind().name());
    event.addProperty("staff_id", change.staffId());
    event.addProperty("revision", change.revision());
    change.after().ifPresent(staff -> event.addProperty("status", staff.getStatus().name()));
    change
        .transition()
        .ifPresent(transition -> event.addProperty("cause", transition.getCause().name()));
    output.write(event);
  }

  private void show(String floor, FloorState state) {
    output.write("floor_state", "floor", floor, "state", new JsonPrimitive(state.name()));
  }
}
