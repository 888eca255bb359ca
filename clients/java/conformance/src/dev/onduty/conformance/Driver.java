package dev.onduty.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.onduty.client.Connection;
import dev.onduty.client.OndutyError;
import dev.onduty.v1.ErrorReason;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Speaks tests/conformance/PROTOCOL.md for the Java client: requests from standard input, answers
 * and events to standard output. It judges nothing; the runner does.
 */
public final class Driver {
  // What may take its time is answered from a thread of its own; the rest in the order of asking.
  private static final Set<String> SLOW =
      Set.of(
          "call",
          "stream.cancel",
          "floor.wait",
          "floor.close",
          "outbox.flush",
          "outbox.close",
          "workspace.wait",
          "workspace.do",
          "workspace.close",
          "disconnect");

  private final Output output = new Output();
  private final Connections connections = new Connections();
  private final Streams streams = new Streams(connections, output);
  private final Floors floors = new Floors(connections, output);
  private final Outboxes outboxes = new Outboxes(connections, output);
  private final Workspaces workspaces = new Workspaces(connections, output);
  private final Calls calls = new Calls(connections);
  private final ExecutorService slow = Executors.newCachedThreadPool();

  private Driver() {}

  /**
   * Serves until the end of input.
   *
   * @param arguments none
   * @throws IOException where standard input cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    new Driver().serve();
    System.exit(0);
  }

  private void serve() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.isBlank()) {
        continue;
      }
      JsonObject request = JsonParser.parseString(line).getAsJsonObject();
      if (SLOW.contains(Json.text(request, "do"))) {
        slow.execute(() -> answer(request));
      } else {
        answer(request);
      }
    }
    connections.closeAll();
  }

  private void answer(JsonObject request) {
    JsonObject answer = new JsonObject();
    answer.add("id", request.get("id"));
    try {
      answer.add("ok", perform(request));
    } catch (OndutyError error) {
      answer.add("error", Json.error(error));
    } catch (InterruptedException | RuntimeException | IOException failed) {
      JsonObject error = new JsonObject();
      error.addProperty("kind", "DriverError");
      error.addProperty("message", failed.toString());
      answer.add("error", error);
    }
    output.write(answer);
  }

  private JsonObject perform(JsonObject request) throws InterruptedException, IOException {
    String verb = Json.text(request, "do");
    return switch (verb) {
      case "hello" -> hello();
      case "connect" -> connections.open(request);
      case "call" -> calls.call(request);
      case "stream.open" -> streams.open(request);
      case "stream.pause" -> streams.pause(request, true);
      case "stream.resume" -> streams.pause(request, false);
      case "stream.cancel" -> streams.cancel(request);
      case "floor.open" -> floors.open(request);
      case "floor.wait" -> floors.await(request);
      case "floor.read" -> floors.read(request);
      case "floor.available" -> floors.available(request);
      case "floor.learn" -> floors.learn(request);
      case "floor.close" -> floors.close(request);
      case "workspace.open" -> workspaces.open(request);
      case "workspace.wait" -> workspaces.await(request);
      case "workspace.do" -> workspaces.act(request);
      case "workspace.read" -> workspaces.read(request);
      case "workspace.close" -> workspaces.close(request);
      case "outbox.open" -> outboxes.open(request);
      case "outbox.add" -> outboxes.add(request);
      case "outbox.flush" -> outboxes.flush(request);
      case "outbox.close" -> outboxes.close(request);
      case "errors.table" -> errorsTable();
      case "errors.kind" -> errorsKind(request);
      case "disconnect" -> connections.close(request);
      default -> throw new IllegalArgumentException("unknown verb: " + verb);
    };
  }

  private static JsonObject hello() {
    JsonArray features = new JsonArray();
    List.of("call", "stream", "floor", "workspace", "outbox", "errors").forEach(features::add);
    JsonObject ok = new JsonObject();
    ok.addProperty("language", "java");
    ok.addProperty("client", Connection.VERSION);
    ok.add("features", features);
    return ok;
  }

  private static JsonObject errorsKind(JsonObject request) {
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setReason(Json.text(request, "reason"))
            .setDomain("onduty.dev")
            .build();
    com.google.rpc.Status status =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.valueOf(Json.text(request, "code")).value())
            .addDetails(Any.pack(info))
            .build();
    JsonObject ok = new JsonObject();
    ok.addProperty("kind", OndutyError.of(status).getClass().getSimpleName());
    return ok;
  }

  private static JsonObject errorsTable() {
    JsonObject reasons = new JsonObject();
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.UNRECOGNIZED && reason != ErrorReason.ERROR_REASON_UNSPECIFIED) {
        String name = reason.name().substring("ERROR_REASON_".length());
        reasons.addProperty(name, OndutyError.typeOf(reason).getSimpleName());
      }
    }
    JsonObject ok = new JsonObject();
    ok.add("reasons", reasons);
    return ok;
  }
}
