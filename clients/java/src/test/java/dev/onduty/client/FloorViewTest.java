package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.onduty.v1.Capabilities;
import dev.onduty.v1.SkillGroup;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.Status;
import dev.onduty.v1.Transition;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FloorViewTest {
  private final FloorView view = new FloorView();

  @Test
  @DisplayName("A snapshot shows only when it is complete, and adds everybody")
  void snapshotIsSwappedIn() {
    view.beginSnapshot();
    view.addToSnapshot(List.of(available("b", 2, 10)));
    assertEquals(0, view.size());
    view.addToSnapshot(List.of(available("a", 1, 20)));
    List<FloorChange> changes = view.swapSnapshot();
    assertEquals(List.of("a", "b"), changes.stream().map(FloorChange::staffId).toList());
    assertTrue(changes.stream().allMatch(c -> c.kind() == FloorChange.Kind.ADDED));
    assertEquals(List.of("a", "b"), ids(view.all()));
  }

  @Test
  @DisplayName("A snapshot that was cut short is thrown away")
  void cutSnapshotIsForgotten() {
    view.beginSnapshot();
    view.addToSnapshot(List.of(available("ghost", 1, 10)));
    snapshot(available("a", 1, 10));
    assertEquals(List.of("a"), ids(view.all()));
  }

  @Test
  @DisplayName("A later snapshot tells the differences, and nothing of unchanged revisions")
  void laterSnapshotTellsDifferences() {
    snapshot(available("gone", 1, 1), available("same", 2, 1), available("new state", 3, 1));
    List<FloorChange> changes =
        snapshot(available("same", 2, 1), busy("new state", 5), busy("newcomer", 6));
    assertEquals(
        List.of("gone LEFT 0", "new state CHANGED 5", "newcomer ADDED 6"),
        changes.stream().map(c -> c.staffId() + " " + c.kind() + " " + c.revision()).toList());
    assertTrue(changes.stream().allMatch(change -> change.transition().isEmpty()));
  }

  @Test
  @DisplayName("A change shows the states before and after")
  void changeIsApplied() {
    snapshot(available("a", 1, 10));
    FloorChange change = view.apply(change(busy("a", 2))).orElseThrow();
    assertEquals(FloorChange.Kind.CHANGED, change.kind());
    assertEquals(Status.STATUS_AVAILABLE, change.before().orElseThrow().getStatus());
    assertEquals(Status.STATUS_BUSY, change.after().orElseThrow().getStatus());
    assertEquals(2, change.revision());
    assertEquals(Status.STATUS_BUSY, view.get("a").orElseThrow().getStatus());
  }

  @Test
  @DisplayName("A change that is not newer than the view is passed over")
  void oldChangeIsPassedOver() {
    snapshot(available("a", 5, 10));
    assertTrue(view.apply(change(busy("a", 5))).isEmpty());
    assertTrue(view.apply(change(busy("a", 4))).isEmpty());
    assertEquals(Status.STATUS_AVAILABLE, view.get("a").orElseThrow().getStatus());
  }

  @Test
  @DisplayName("Whoever changes skill groups is free in the new ones only")
  void groupsChange() {
    snapshot(inGroups("a", 1, "cards", "loans"), inGroups("b", 2, "cards"));
    assertEquals(List.of("a", "b"), ids(view.available("cards")));
    view.apply(change(inGroups("a", 3, "loans", "letters")));
    assertEquals(List.of("b"), ids(view.available("cards")));
    assertEquals(List.of("a"), ids(view.available("letters")));
    view.apply(change(busy("a", 4)));
    assertEquals(List.of(), ids(view.available("loans")));
    assertEquals(List.of("b"), ids(view.available("")));
  }

  private static Staff inGroups(String id, long revision, String... groups) {
    Staff.Builder member = available(id, revision, 10).toBuilder().clearSkillGroups();
    for (String group : groups) {
      member.addSkillGroups(SkillGroup.newBuilder().setName(group));
    }
    return member.build();
  }

  @Test
  @DisplayName("A learned state is shown, and its change is told once, when the stream brings it")
  void learnedStateIsShown() {
    snapshot(available("a", 5, 10), available("b", 5, 20));
    view.learn(busy("a", 7));
    view.learn(busy("b", 4));
    view.learn(busy("stranger", 9));
    assertEquals(List.of("b"), ids(view.available("")));
    assertEquals(2, view.size());
    FloorChange earlier = view.apply(change(available("a", 6, 10))).orElseThrow();
    assertEquals(5, earlier.before().orElseThrow().getRevision());
    assertEquals(7, view.get("a").orElseThrow().getRevision());
    FloorChange learned = view.apply(change(busy("a", 7))).orElseThrow();
    assertEquals(6, learned.before().orElseThrow().getRevision());
    view.apply(change(available("a", 8, 10)));
    assertEquals(List.of("a", "b"), ids(view.available("")));
  }

  @Test
  @DisplayName("A snapshot forgets what was learned, and tells what was not told")
  void snapshotForgetsWhatWasLearned() {
    snapshot(available("a", 5, 10), available("b", 5, 20));
    view.learn(busy("a", 7));
    view.learn(busy("b", 6));
    List<FloorChange> changes = snapshot(available("a", 5, 10), busy("b", 6));
    assertEquals(List.of("b"), changes.stream().map(FloorChange::staffId).toList());
    assertEquals(List.of("a"), ids(view.available("")));
  }

  @Test
  @DisplayName("Somebody who left is gone from every answer")
  void leftIsRemoved() {
    snapshot(available("a", 1, 10));
    StaffChange left = change(available("a", 2, 10)).toBuilder().setLeft(true).build();
    FloorChange change = view.apply(left).orElseThrow();
    assertEquals(FloorChange.Kind.LEFT, change.kind());
    assertTrue(change.after().isEmpty());
    assertEquals(2, change.revision());
    assertTrue(view.get("a").isEmpty());
    assertTrue(view.available("").isEmpty());
    assertTrue(view.apply(left).isEmpty());
  }

  @Test
  @DisplayName("Those available come longest idle first, then by id")
  void availableInOrder() {
    snapshot(available("c", 1, 30), available("b", 2, 20), available("a", 3, 20), busy("busy", 4));
    assertEquals(List.of("a", "b", "c"), ids(view.available("")));
  }

  @Test
  @DisplayName("Only members of the group are available in it")
  void availableInGroup() {
    Staff sales =
        available("s", 1, 1).toBuilder()
            .addSkillGroups(SkillGroup.newBuilder().setName("sales"))
            .build();
    snapshot(sales, available("other", 2, 1));
    assertEquals(List.of("s"), ids(view.available("sales")));
    assertTrue(view.available("nobody").isEmpty());
  }

  @Test
  @DisplayName("Who may not be assigned a call is not available, whatever the status")
  void offeredIsNotAvailable() {
    Staff offered =
        available("a", 2, 1).toBuilder()
            .setCapabilities(Capabilities.newBuilder().setAssignInbound(false))
            .build();
    Staff unknownStatus = available("b", 3, 1).toBuilder().setStatusValue(99).build();
    snapshot(available("a", 1, 1), unknownStatus);
    view.apply(change(offered));
    assertTrue(view.available("").isEmpty());
  }

  private List<FloorChange> snapshot(Staff... staff) {
    view.beginSnapshot();
    view.addToSnapshot(List.of(staff));
    return view.swapSnapshot();
  }

  private static List<String> ids(List<Staff> staff) {
    return staff.stream().map(Staff::getStaffId).toList();
  }

  static Staff available(String id, long revision, long idleStartedAtSeconds) {
    return Staff.newBuilder()
        .setStaffId(id)
        .setRevision(revision)
        .setStatus(Status.STATUS_AVAILABLE)
        .setCapabilities(Capabilities.newBuilder().setAssignInbound(true))
        .setIdleStartedAt(Timestamp.newBuilder().setSeconds(idleStartedAtSeconds))
        .build();
  }

  static Staff busy(String id, long revision) {
    return Staff.newBuilder()
        .setStaffId(id)
        .setRevision(revision)
        .setStatus(Status.STATUS_BUSY)
        .build();
  }

  static StaffChange change(Staff after) {
    Transition transition =
        Transition.newBuilder()
            .setStaffId(after.getStaffId())
            .setRevision(after.getRevision())
            .setStatus(after.getStatus())
            .build();
    return StaffChange.newBuilder().setStaff(after).setTransition(transition).build();
  }
}
