package dev.onduty.client;

import com.google.protobuf.FieldMask;
import dev.onduty.v1.AdminServiceGrpc;
import dev.onduty.v1.CreateStaffRequest;
import dev.onduty.v1.Policy;
import dev.onduty.v1.SkillGroup;
import dev.onduty.v1.Status;
import dev.onduty.v1.UpdatePolicyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for all tests that need no other; each test has a tenant of its own. */
final class SharedServer {
  private static final AtomicInteger TENANTS = new AtomicInteger();
  private static RunningServer server;

  private SharedServer() {}

  static synchronized String address() throws Exception {
    if (server == null) {
      Path folder = Files.createTempDirectory("onduty-java");
      server = RunningServer.start(folder.resolve("journal.db"));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }
    return server.address();
  }

  /** Options for a tenant that nobody else has. */
  static Options.Builder freshTenant() throws Exception {
    return Options.builder(address())
        .tenant("java-" + TENANTS.incrementAndGet())
        .callTimeout(Eventually.LIMIT);
  }

  /** Gives offers ten minutes and wrap-ups an hour: neither runs out while a test runs. */
  static void giveTime(Connection connection) {
    Policy.Builder policy = Policy.newBuilder().setClaimTtl(Times.proto(Duration.ofMinutes(10)));
    policy.getAfterCallWorkBuilder().setCountdown(Times.proto(Duration.ofHours(1)));
    FieldMask mask =
        FieldMask.newBuilder().addPaths("claim_ttl").addPaths("after_call_work.countdown").build();
    connection.call(
        AdminServiceGrpc.getUpdatePolicyMethod(),
        UpdatePolicyRequest.newBuilder().setPolicy(policy).setUpdateMask(mask).build());
  }

  static void create(Connection connection, String staffId, String... groups) {
    CreateStaffRequest.Builder request = CreateStaffRequest.newBuilder().setStaffId(staffId);
    for (String group : groups) {
      request.addSkillGroups(SkillGroup.newBuilder().setName(group));
    }
    connection.call(AdminServiceGrpc.getCreateStaffMethod(), request.build());
  }

  static WorkspaceClient available(Connection connection, String staffId, String... groups) {
    create(connection, staffId, groups);
    WorkspaceClient workspace = connection.workspace(staffId);
    workspace.changeStatus(Status.STATUS_AVAILABLE);
    return workspace;
  }
}
