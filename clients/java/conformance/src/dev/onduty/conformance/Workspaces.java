package dev.onduty.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.onduty.client.WorkspaceClient;
import dev.onduty.v1.AcceptOfferRequest;
import dev.onduty.v1.BackToReceptionRequest;
import dev.onduty.v1.ChangeStatusRequest;
import dev.onduty.v1.ClearNextStatusRequest;
import dev.onduty.v1.ContinueAfterCallWorkRequest;
import dev.onduty.v1.DeclineOfferRequest;
import dev.onduty.v1.ListBreakReasonsRequest;
import dev.onduty.v1.PlaceCallRequest;
import dev.onduty.v1.SetNextStatusRequest;
import dev.onduty.v1.Staff;
import dev.onduty.v1.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Workspaces by name, with their handlers turned into events. */
final class Workspaces {
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

  private final Connections connections;
  private final Output output;
  private final Map<String, WorkspaceClient> byName = new ConcurrentHashMap<>();

  Workspaces(Connections connections, Output output) {
    this.connections = connections;
    this.output = output;
  }

  JsonObject open(JsonObject request) {
    String name = Json.text(request, "workspace");
    WorkspaceClient workspace = connections.of(request).workspace(Json.text(request, "staff_id"));
    workspace.onState(state -> show(name, workspace, Optional.of(state)));
    workspace.onAttached(attached -> show(name, workspace, workspace.state()));
    byName.put(name, workspace);
    workspace.attach();
    return new JsonObject();
  }

  JsonObject await(JsonObject request) throws InterruptedException {
    of(request).waitAttached(Json.seconds(request, "timeout").orElse(DEFAULT_WAIT));
    return new JsonObject();
  }

  JsonObject act(JsonObject request) throws InvalidProtocolBufferException {
    JsonObject arguments = Json.object(request, "arguments");
    return Json.response(act(of(request), Json.text(request, "action"), arguments));
  }

  private static Message act(WorkspaceClient workspace, String action, JsonObject arguments)
      throws InvalidProtocolBufferException {
    return switch (action) {
      case "change_status" ->
          workspace.changeStatus(read(choice(arguments), ChangeStatusRequest.newBuilder()).build());
      case "take_break" ->
          workspace.changeStatus(
              read(choice(onBreak(arguments)), ChangeStatusRequest.newBuilder()).build());
      case "set_next_status" ->
          workspace.setNextStatus(
              read(choice(arguments), SetNextStatusRequest.newBuilder()).build());
      case "clear_next_status" ->
          workspace.clearNextStatus(read(arguments, ClearNextStatusRequest.newBuilder()).build());
      case "back_to_reception" ->
          workspace.backToReception(read(arguments, BackToReceptionRequest.newBuilder()).build());
      case "continue_wrap_up" ->
          workspace.continueWrapUp(
              read(arguments, ContinueAfterCallWorkRequest.newBuilder()).build());
      case "accept" -> workspace.accept(read(arguments, AcceptOfferRequest.newBuilder()).build());
      case "decline" ->
          workspace.decline(read(arguments, DeclineOfferRequest.newBuilder()).build());
      case "place_call" ->
          workspace.placeCall(read(arguments, PlaceCallRequest.newBuilder()).build());
      case "break_reasons" ->
          workspace.breakReasons(read(arguments, ListBreakReasonsRequest.newBuilder()).build());
      case "attach", "detach" -> attach(workspace, action.equals("attach"));
      default -> throw new IllegalArgumentException("no such action: " + action);
    };
  }

  JsonObject read(JsonObject request) {
    WorkspaceClient workspace = of(request);
    JsonObject ok = new JsonObject();
    ok.addProperty("attached", workspace.attached());
    ok.add("staff", workspace.state().<JsonElement>map(Json::of).orElse(JsonNull.INSTANCE));
    ok.add("remaining_wrap_up", Json.seconds(workspace.remainingWrapUp()));
    ok.add("remaining_offer", Json.seconds(workspace.remainingOffer()));
    return ok;
  }

  JsonObject close(JsonObject request) {
    of(request).close();
    return new JsonObject();
  }

  private WorkspaceClient of(JsonObject request) {
    String name = Json.text(request, "workspace");
    WorkspaceClient found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no such workspace: " + name);
    }
    return found;
  }

  private static Message attach(WorkspaceClient workspace, boolean attach) {
    if (attach) {
      workspace.attach();
    } else {
      workspace.detach();
    }
    return Staff.getDefaultInstance();
  }

  /** The arguments' names are the fields' names, but for those of a choice and of a break. */
  private static JsonObject choice(JsonObject arguments) {
    JsonObject fields = arguments.deepCopy();
    JsonObject choice = new JsonObject();
    choice.add("status", fields.remove("status"));
    choice.add("break_reason", fields.remove("break_reason"));
    fields.add("choice", choice);
    return fields;
  }

  private static JsonObject onBreak(JsonObject arguments) {
    JsonObject fields = arguments.deepCopy();
    fields.addProperty("status", Status.STATUS_ON_BREAK.name());
    fields.add("break_reason", fields.remove("reason"));
    return fields;
  }

  private static <B extends Message.Builder> B read(JsonObject arguments, B builder)
      throws InvalidProtocolBufferException {
    JsonObject wrapped = new JsonObject();
    wrapped.add("arguments", arguments);
    return Json.read(wrapped, "arguments", builder);
  }

  private void show(String name, WorkspaceClient workspace, Optional<Staff> state) {
    JsonObject event = Output.event("workspace_state", "workspace", name);
    event.addProperty("attached", workspace.attached());
    state.ifPresent(
        staff -> {
          event.addProperty("status", staff.getStatus().name());
          event.addProperty("revision", staff.getRevision());
        });
    output.write(event);
  }
}
