package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.Action;
import dev.onduty.v1.AdminServiceGrpc;
import dev.onduty.v1.BatchCreateStaffRequest;
import dev.onduty.v1.CallEvent;
import dev.onduty.v1.ChangeStatusRequest;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.ClaimStaffResponse;
import dev.onduty.v1.CreateStaffRequest;
import dev.onduty.v1.GroupMember;
import dev.onduty.v1.NamedStaff;
import dev.onduty.v1.OfferEnd;
import dev.onduty.v1.ReconcileCallsRequest;
import dev.onduty.v1.ReportCallStartedRequest;
import dev.onduty.v1.SkillGroupLevel;
import dev.onduty.v1.SourceCall;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.Status;
import dev.onduty.v1.StatusChoice;
import dev.onduty.v1.WithdrawReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

@Timeout(180)
@EnabledIf(
    value = "dev.onduty.client.RunningServer#installed",
    disabledReason = "the server is not installed in the repository's .venv")
class RouterServerTest {
  private Connection connection;
  private RouterClient router;

  @BeforeEach
  void open() throws Exception {
    connection = Connection.open(SharedServer.freshTenant().build());
    router = connection.router();
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  @DisplayName("Of many routers that claim one person at once, one wins")
  void claimRace() throws Exception {
    SharedServer.available(connection, "a", "sales");
    ExecutorService routers = Executors.newFixedThreadPool(8);
    List<Callable<Optional<ClaimStaffResponse>>> claims =
        IntStream.range(0, 8)
            .<Callable<Optional<ClaimStaffResponse>>>mapToObj(this::claim)
            .toList();
    int won = 0;
    for (Future<Optional<ClaimStaffResponse>> claim : routers.invokeAll(claims)) {
      won += claim.get().isPresent() ? 1 : 0;
    }
    routers.shutdownNow();
    assertEquals(1, won);
  }

  private Callable<Optional<ClaimStaffResponse>> claim(int number) {
    return () -> {
      try {
        return Optional.of(router.claim("call-" + number, "a"));
      } catch (RefusedError lost) {
        assertEquals("STAFF_NOT_ASSIGNABLE", lost.reason());
        assertTrue(lost.current().orElseThrow().hasOffer());
        return Optional.empty();
      }
    };
  }

  @Test
  @DisplayName("A refusal has the state, the action and what is allowed, and its request id")
  void typedRefusal() {
    SharedServer.create(connection, "a");
    WorkspaceClient workspace = connection.workspace("a");
    RefusedError refused = assertThrows(RefusedError.class, workspace::backToReception);
    assertEquals("TRANSITION_REFUSED", refused.reason());
    assertEquals(Status.STATUS_OFFLINE, refused.current().orElseThrow().getStatus());
    assertEquals(Action.ACTION_BACK_TO_RECEPTION, refused.requested().orElseThrow());
    assertTrue(refused.allowed().contains(Action.ACTION_CHANGE_TO_AVAILABLE));
    assertEquals(36, refused.requestId().length());
  }

  @Test
  @DisplayName("Nobody available tells the counts by status")
  void nobodyAvailable() {
    SharedServer.create(connection, "a", "sales");
    NobodyAvailableError nobody =
        assertThrows(NobodyAvailableError.class, () -> router.claimMember("c", "sales"));
    assertEquals(Status.STATUS_OFFLINE, nobody.counts().get(0).getStatus());
    assertEquals("sales", nobody.skillGroups().get(0).getSkillGroup());
    assertEquals(1, nobody.skillGroups().get(0).getTotal());
  }

  @Test
  @DisplayName("The same request id gives the first answer again")
  void idempotent() {
    SharedServer.available(connection, "a", "sales");
    ClaimStaffRequest request =
        ClaimStaffRequest.newBuilder()
            .setCallId("c")
            .setNamed(NamedStaff.newBuilder().setStaffId("a"))
            .setRequestId("once")
            .build();
    ClaimStaffResponse first = router.claim(request);
    ClaimStaffResponse again = router.claim(request);
    assertFalse(first.getReplayed());
    assertTrue(again.getReplayed());
    assertEquals(first.getClaimId(), again.getClaimId());
    assertTrue(router.withdraw(first.getClaimId()).getApplied());
    assertFalse(router.withdraw(first.getClaimId()).getApplied());
  }

  @Test
  @DisplayName("Of candidates the first who can be given the call is claimed, and once")
  void claimFirst() {
    SharedServer.create(connection, "off");
    SharedServer.available(connection, "a");
    SharedServer.available(connection, "b");
    ClaimStaffResponse made = router.claimFirst("c", List.of("off", "b", "a"));
    assertEquals("b", made.getStaff().getStaffId());
    assertEquals("", made.getSkillGroup());
    ClaimStaffResponse again = router.claimFirst("c", List.of("a"));
    assertTrue(again.getAlreadyOffered());
    assertEquals(made.getClaimId(), again.getClaimId());
    NobodyAvailableError nobody =
        assertThrows(NobodyAvailableError.class, () -> router.claimFirst("other", List.of("off")));
    assertEquals(Status.STATUS_OFFLINE, nobody.counts().get(0).getStatus());
    assertTrue(nobody.skillGroups().isEmpty());
  }

  @Test
  @DisplayName("Of groups the first that has somebody is taken, without those who are passed over")
  void claimMember() {
    SharedServer.available(connection, "a", "sales");
    SharedServer.available(connection, "b", "sales", "german");
    GroupMember member =
        GroupMember.newBuilder()
            .addSkillGroups(SkillGroupLevel.newBuilder().setName("help"))
            .addSkillGroups(SkillGroupLevel.newBuilder().setName("sales"))
            .addExcludeStaffIds("a")
            .build();
    ClaimStaffResponse made = router.claimMember("c", member);
    assertEquals("b", made.getStaff().getStaffId());
    assertEquals("sales", made.getSkillGroup());
    GroupMember expert =
        GroupMember.newBuilder()
            .addSkillGroups(SkillGroupLevel.newBuilder().setName("sales").setMinLevel(1))
            .build();
    NobodyAvailableError nobody =
        assertThrows(NobodyAvailableError.class, () -> router.claimMember("d", expert));
    assertEquals("sales", nobody.skillGroups().get(0).getSkillGroup());
  }

  @Test
  @DisplayName("A claim can be read while it is outstanding, and after its end")
  void getClaim() {
    SharedServer.available(connection, "a");
    String claimId = router.claim("c", "a").getClaimId();
    assertEquals("a", router.getClaim(claimId).getClaim().getStaffId());
    assertEquals(OfferEnd.OFFER_END_UNSPECIFIED, router.getClaim(claimId).getClaim().getEnd());
    router.withdraw(claimId, WithdrawReason.WITHDRAW_REASON_CALLER_GONE);
    assertEquals(OfferEnd.OFFER_END_WITHDRAWN, router.getClaim(claimId).getClaim().getEnd());
    NotFoundError unknown = assertThrows(NotFoundError.class, () -> router.getClaim("never-made"));
    assertEquals("CLAIM_UNKNOWN", unknown.reason());
  }

  @Test
  @DisplayName("A revision that no longer holds is told with the present state")
  void revisionMismatch() {
    WorkspaceClient workspace = SharedServer.available(connection, "a");
    ChangeStatusRequest request =
        ChangeStatusRequest.newBuilder()
            .setChoice(StatusChoice.newBuilder().setStatus(Status.STATUS_BUSY))
            .setExpectedRevision(1)
            .build();
    RevisionMismatchError mismatch =
        assertThrows(RevisionMismatchError.class, () -> workspace.changeStatus(request));
    assertEquals(OptionalLong.of(1), mismatch.expectedRevision());
    assertEquals(Status.STATUS_AVAILABLE, mismatch.current().orElseThrow().getStatus());
  }

  @Test
  @DisplayName("More than 1,000 facts go in several requests; a bad one holds up no other")
  void report() {
    SharedServer.create(connection, "a");
    List<CallEvent> events = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      String staffId = i == 1_000 ? "unknown" : "a";
      events.add(
          CallEvent.newBuilder()
              .setStarted(
                  ReportCallStartedRequest.newBuilder().setStaffId(staffId).setCallId("c" + i % 3))
              .build());
    }
    ReportResult result = router.report(events, "batch");
    assertEquals(1_001, result.results().size());
    assertTrue(result.results().get(0).taken().orElseThrow().getApplied());
    assertFalse(result.results().get(999).taken().orElseThrow().getApplied());
    FactResult last = result.results().get(1_000);
    assertTrue(last.taken().isEmpty());
    assertInstanceOf(NotFoundError.class, last.error().orElseThrow());
    assertEquals("batch/2", last.requestId());
    assertFalse(result.position().isEmpty());
    assertTrue(router.report(events, "batch").results().get(0).taken().orElseThrow().getReplayed());
  }

  @Test
  @DisplayName("A report without facts is refused by the server, not by silence")
  void emptyReport() {
    InvalidRequestError error =
        assertThrows(InvalidRequestError.class, () -> router.report(List.of(), "empty"));
    assertEquals("events", error.violations().get(0).field());
    assertEquals("empty", error.requestId());
  }

  @Test
  @DisplayName("Everybody is listed, page after page, by id")
  void listStaff() {
    BatchCreateStaffRequest.Builder batch = BatchCreateStaffRequest.newBuilder();
    for (int i = 0; i < 1_000; i++) {
      batch.addRequests(CreateStaffRequest.newBuilder().setStaffId(String.format("s%04d", i)));
    }
    connection.call(AdminServiceGrpc.getBatchCreateStaffMethod(), batch.build());
    SharedServer.create(connection, "z");
    StaffList list = router.listStaff(StaffFilter.getDefaultInstance());
    assertEquals(1_001, list.staff().size());
    assertEquals("s0000", list.staff().get(0).getStaffId());
    assertEquals("z", list.staff().get(1_000).getStaffId());
    assertFalse(list.position().isEmpty());
  }

  @Test
  @DisplayName("Calls that a source no longer has are ended, and missing ones started")
  void reconcile() {
    SharedServer.create(connection, "a");
    router.callStarted(
        ReportCallStartedRequest.newBuilder()
            .setStaffId("a")
            .setCallId("old")
            .setSource("pbx")
            .build());
    var answer =
        router.reconcile(
            ReconcileCallsRequest.newBuilder()
                .setSource("pbx")
                .addCalls(SourceCall.newBuilder().setStaffId("a").setCallId("new"))
                .build());
    assertEquals("old", answer.getEnded(0).getCallId());
    assertEquals("new", answer.getStarted(0).getCallId());
    assertTrue(router.callEnded("a", "new").getApplied());
  }
}
