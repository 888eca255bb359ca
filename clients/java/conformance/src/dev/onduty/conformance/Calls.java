package dev.onduty.conformance;

import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.onduty.client.Connection;
import dev.onduty.client.FactResult;
import dev.onduty.client.ReportResult;
import dev.onduty.client.RouterClient;
import dev.onduty.client.StaffList;
import dev.onduty.client.WorkspaceClient;
import dev.onduty.v1.AcceptOfferRequest;
import dev.onduty.v1.AdminServiceGrpc;
import dev.onduty.v1.BackToReceptionRequest;
import dev.onduty.v1.ChangeStatusRequest;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.ClearNextStatusRequest;
import dev.onduty.v1.ContinueAfterCallWorkRequest;
import dev.onduty.v1.DeclineOfferRequest;
import dev.onduty.v1.GetClaimRequest;
import dev.onduty.v1.HistoryServiceGrpc;
import dev.onduty.v1.ListBreakReasonsRequest;
import dev.onduty.v1.ListStaffRequest;
import dev.onduty.v1.ListStaffResponse;
import dev.onduty.v1.PlaceCallRequest;
import dev.onduty.v1.ReconcileCallsRequest;
import dev.onduty.v1.ReportCallEndedRequest;
import dev.onduty.v1.ReportCallEventsRequest;
import dev.onduty.v1.ReportCallEventsResponse;
import dev.onduty.v1.ReportCallStartedRequest;
import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.ServerServiceGrpc;
import dev.onduty.v1.SetNextStatusRequest;
import dev.onduty.v1.SupervisorServiceGrpc;
import dev.onduty.v1.WithdrawClaimRequest;
import dev.onduty.v1.WorkspaceServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Unary calls by the name of their method: through the hand-written client where it has the method,
 * else as a generated stub makes them.
 */
final class Calls {
  private static final Map<String, MethodDescriptor<Message, Message>> METHODS = methods();

  private final Connections connections;

  Calls(Connections connections) {
    this.connections = connections;
  }

  JsonObject call(JsonObject request) throws InvalidProtocolBufferException {
    Connection connection = connections.of(request);
    Message message = message(request);
    Duration timeout = Json.seconds(request, "timeout").orElse(connection.options().callTimeout());
    return Json.response(answer(connection, method(request), message, timeout));
  }

  static MethodDescriptor<Message, Message> method(JsonObject request) {
    String name = Json.text(request, "method");
    MethodDescriptor<Message, Message> method = METHODS.get(name);
    if (method == null) {
      throw new IllegalArgumentException("no such method: " + name);
    }
    return method;
  }

  static Message message(JsonObject request) throws InvalidProtocolBufferException {
    PrototypeMarshaller<Message> marshaller =
        (PrototypeMarshaller<Message>) method(request).getRequestMarshaller();
    Message.Builder builder = marshaller.getMessagePrototype().newBuilderForType();
    return Json.read(request, "request", builder).build();
  }

  private static Message answer(
      Connection connection,
      MethodDescriptor<Message, Message> method,
      Message message,
      Duration timeout) {
    RouterClient router = connection.router().withCallTimeout(timeout);
    if (message instanceof ClaimStaffRequest claim) {
      return router.claim(claim);
    } else if (message instanceof WithdrawClaimRequest withdraw) {
      return router.withdraw(withdraw);
    } else if (message instanceof GetClaimRequest get) {
      return router.getClaim(get);
    } else if (message instanceof ReportCallStartedRequest started) {
      return router.callStarted(started);
    } else if (message instanceof ReportCallEndedRequest ended) {
      return router.callEnded(ended);
    } else if (message instanceof ReportCallEventsRequest events) {
      return report(router, events);
    } else if (message instanceof ReconcileCallsRequest reconcile) {
      return router.reconcile(reconcile);
    } else if (message instanceof ListStaffRequest list
        && list.getPageSize() == 0
        && list.getPageToken().isEmpty()) {
      return list(router, list);
    }
    String staffId = staffId(message);
    if (method.getFullMethodName().startsWith("onduty.v1.WorkspaceService/")) {
      WorkspaceClient workspace = connection.workspace(staffId).withCallTimeout(timeout);
      if (message instanceof ListBreakReasonsRequest list
          && list.getPageSize() == 0
          && list.getPageToken().isEmpty()) {
        return workspace.breakReasons(list);
      }
      Message answer = staffId.isEmpty() ? null : workspaceAnswer(workspace, message);
      if (answer != null) {
        return answer;
      }
    }
    return connection.call(method, message, timeout);
  }

  /** Null where the hand-written client has no such method, or would fill in what is missing. */
  private static Message workspaceAnswer(WorkspaceClient workspace, Message message) {
    if (message instanceof ChangeStatusRequest change) {
      return workspace.changeStatus(change);
    } else if (message instanceof SetNextStatusRequest next) {
      return workspace.setNextStatus(next);
    } else if (message instanceof ClearNextStatusRequest clear) {
      return workspace.clearNextStatus(clear);
    } else if (message instanceof BackToReceptionRequest back) {
      return workspace.backToReception(back);
    } else if (message instanceof ContinueAfterCallWorkRequest proceed) {
      return workspace.continueWrapUp(proceed);
    } else if (message instanceof PlaceCallRequest place) {
      return workspace.placeCall(place);
    } else if (message instanceof AcceptOfferRequest accept && !accept.getClaimId().isEmpty()) {
      return workspace.accept(accept);
    } else if (message instanceof DeclineOfferRequest decline && !decline.getClaimId().isEmpty()) {
      return workspace.decline(decline);
    }
    return null;
  }

  private static String staffId(Message message) {
    var field = message.getDescriptorForType().findFieldByName("staff_id");
    return field == null ? "" : (String) message.getField(field);
  }

  private static Message report(RouterClient router, ReportCallEventsRequest request) {
    ReportResult result = router.report(request.getEventsList(), request.getRequestId());
    return ReportCallEventsResponse.newBuilder()
        .addAllResults(result.results().stream().map(FactResult::message).toList())
        .setPosition(result.position())
        .build();
  }

  private static Message list(RouterClient router, ListStaffRequest request) {
    StaffList list = router.listStaff(request.getFilter(), request.getAtLeast());
    return ListStaffResponse.newBuilder()
        .addAllStaff(list.staff())
        .setPosition(list.position())
        .setTotalSize(list.staff().size())
        .build();
  }

  private static Map<String, MethodDescriptor<Message, Message>> methods() {
    Map<String, MethodDescriptor<Message, Message>> found = new HashMap<>();
    List<ServiceDescriptor> services =
        List.of(
            WorkspaceServiceGrpc.getServiceDescriptor(),
            RouterServiceGrpc.getServiceDescriptor(),
            SupervisorServiceGrpc.getServiceDescriptor(),
            AdminServiceGrpc.getServiceDescriptor(),
            HistoryServiceGrpc.getServiceDescriptor(),
            ServerServiceGrpc.getServiceDescriptor());
    for (ServiceDescriptor service : services) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        @SuppressWarnings("unchecked") // Every request and answer of the contract is a message.
        var typed = (MethodDescriptor<Message, Message>) method;
        found.put(method.getFullMethodName().substring("onduty.v1.".length()), typed);
      }
    }
    return found;
  }
}
