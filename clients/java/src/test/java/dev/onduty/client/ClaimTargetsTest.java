package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.onduty.v1.ClaimOrder;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.GroupMember;
import dev.onduty.v1.SkillGroupLevel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ClaimTargetsTest {
  private ScriptedServer server;
  private Connection connection;
  private RouterClient router;

  @BeforeEach
  void open() throws Exception {
    server = new ScriptedServer();
    connection = Connection.open(server.options().build());
    router = connection.router();
  }

  @AfterEach
  void close() {
    connection.close();
    server.close();
  }

  @Test
  @DisplayName("A named claim has no expected revision where none is given")
  void named() throws Exception {
    router.claim("c", "a");
    ClaimStaffRequest sent = server.claims.take();
    assertEquals("c", sent.getCallId());
    assertEquals("a", sent.getNamed().getStaffId());
    assertFalse(sent.getNamed().hasExpectedRevision());
    assertFalse(sent.hasTtl());
  }

  @Test
  @DisplayName("Candidates keep their order, the best first")
  void candidates() throws Exception {
    router.claimFirst("c", List.of("b", "a"));
    assertEquals(List.of("b", "a"), server.claims.take().getCandidates().getStaffIdsList());
  }

  @Test
  @DisplayName("A group that is named alone is asked for any level")
  void groupByName() throws Exception {
    router.claimMember("c", "sales");
    assertEquals(
        List.of(SkillGroupLevel.newBuilder().setName("sales").build()),
        server.claims.take().getGroupMember().getSkillGroupsList());
  }

  @Test
  @DisplayName("A claim by groups says all that it was given")
  void groupMember() throws Exception {
    GroupMember member =
        GroupMember.newBuilder()
            .addSkillGroups(SkillGroupLevel.newBuilder().setName("sales").setMinLevel(60))
            .addRequiredGroups(SkillGroupLevel.newBuilder().setName("german"))
            .addExcludeStaffIds("a")
            .setOrder(ClaimOrder.CLAIM_ORDER_HIGHEST_LEVEL)
            .build();
    router.claimMember("c", member);
    assertEquals(member, server.claims.take().getGroupMember());
  }
}
