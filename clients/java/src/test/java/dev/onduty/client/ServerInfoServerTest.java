package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.onduty.v1.AdminServiceGrpc;
import dev.onduty.v1.CreateStaffRequest;
import dev.onduty.v1.ForceStatusRequest;
import dev.onduty.v1.HistoryServiceGrpc;
import dev.onduty.v1.ListTransitionsRequest;
import dev.onduty.v1.Status;
import dev.onduty.v1.StatusChoice;
import dev.onduty.v1.SupervisorServiceGrpc;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServerInfoServerTest {
  @Test
  @DisplayName("The server tells what it is, and as whom it understood the connection")
  void tellsServerAndCaller() throws Exception {
    Options options = SharedServer.freshTenant().actor("lea").build();
    try (Connection connection = Connection.open(options)) {
      var info = connection.serverInfo();
      assertFalse(info.getVersion().isEmpty());
      assertEquals(16, info.getStoreId().length());
      assertEquals(1000, info.getLimits().getBatchItems());
      assertEquals(options.tenant().orElseThrow(), info.getCaller().getTenant());
      assertEquals("lea", info.getCaller().getActorId());
    }
  }

  @Test
  @DisplayName("The history names the connection's actor for what a supervisor did")
  void historyNamesTheActor() throws Exception {
    try (Connection connection = Connection.open(SharedServer.freshTenant().actor("lea").build())) {
      connection.call(
          AdminServiceGrpc.getCreateStaffMethod(),
          CreateStaffRequest.newBuilder().setStaffId("ana").build());
      connection.call(
          SupervisorServiceGrpc.getForceStatusMethod(),
          ForceStatusRequest.newBuilder()
              .setStaffId("ana")
              .setChoice(StatusChoice.newBuilder().setStatus(Status.STATUS_BUSY))
              .setNote("because")
              .build());
      var newest =
          connection.call(
              HistoryServiceGrpc.getListTransitionsMethod(),
              ListTransitionsRequest.newBuilder().setNewestFirst(true).setPageSize(1).build());
      assertEquals("lea", newest.getTransitions(0).getActor().getId());
    }
  }
}
