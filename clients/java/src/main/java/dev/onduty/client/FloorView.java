package dev.onduty.client;

import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The staff of a floor, built from snapshots and changes. Pure: no I/O, no clock, no threads; its
 * owner guards it.
 */
final class FloorView {
  private static final Comparator<Staff> LONGEST_IDLE_FIRST =
      Comparator.comparing(FloorView::idleSince).thenComparing(Staff::getStaffId);

  private TreeMap<String, Staff> staff = new TreeMap<>();
  // By group, "" for everybody, so that asking costs only what is asked for.
  private final Map<String, NavigableSet<Staff>> free = new HashMap<>();
  private TreeMap<String, Staff> coming = new TreeMap<>();
  // What the stream said last of those of whom an answer has told more.
  private final TreeMap<String, Staff> streamed = new TreeMap<>();

  /** Forgets a snapshot that was cut short. */
  void beginSnapshot() {
    coming = new TreeMap<>();
  }

  /** Keeps a part of the coming snapshot aside. */
  void addToSnapshot(List<Staff> chunk) {
    chunk.forEach(member -> coming.put(member.getStaffId(), member));
  }

  /** Makes the coming snapshot the view, and tells the differences by staff id. */
  List<FloorChange> swapSnapshot() {
    TreeMap<String, Staff> before = staff;
    before.putAll(streamed);
    streamed.clear();
    staff = coming;
    coming = new TreeMap<>();
    free.clear();
    staff.values().forEach(this::addFree);
    return differences(before, staff);
  }

  /** Applies a change; absent where it brings nothing new. */
  Optional<FloorChange> apply(StaffChange change) {
    Staff after = change.getStaff();
    String id = idOf(change);
    Staff shown = staff.get(id);
    Staff before = streamed.getOrDefault(id, shown);
    long revision = revisionOf(change);
    if (before != null && revision <= before.getRevision()) {
      return Optional.empty();
    }
    if (change.getLeft()) {
      return before == null ? Optional.empty() : Optional.of(leave(change, before, revision));
    }
    if (streamed.containsKey(id) && shown.getRevision() > revision) {
      streamed.put(id, after);
    } else {
      streamed.remove(id);
      show(after);
    }
    FloorChange.Kind kind = before == null ? FloorChange.Kind.ADDED : FloorChange.Kind.CHANGED;
    return Optional.of(
        new FloorChange(
            kind,
            id,
            Optional.ofNullable(before),
            Optional.of(after),
            transitionOf(change),
            revision));
  }

  /** Shows a state that an answer told. The stream, which is later, still tells its change. */
  void learn(Staff told) {
    Staff shown = staff.get(told.getStaffId());
    if (shown != null && told.getRevision() > shown.getRevision()) {
      streamed.putIfAbsent(told.getStaffId(), shown);
      show(told);
    }
  }

  private void show(Staff member) {
    Staff before = staff.put(member.getStaffId(), member);
    if (before != null) {
      removeFree(before);
    }
    addFree(member);
  }

  /** Those to whom an inbound call may be assigned, longest idle first. */
  List<Staff> available(String skillGroup) {
    return List.copyOf(free.getOrDefault(skillGroup, Collections.emptyNavigableSet()));
  }

  Optional<Staff> get(String staffId) {
    return Optional.ofNullable(staff.get(staffId));
  }

  /** Everybody, by id. */
  List<Staff> all() {
    return List.copyOf(staff.values());
  }

  int size() {
    return staff.size();
  }

  private FloorChange leave(StaffChange change, Staff before, long revision) {
    removeFree(staff.remove(before.getStaffId()));
    streamed.remove(before.getStaffId());
    return new FloorChange(
        FloorChange.Kind.LEFT,
        before.getStaffId(),
        Optional.of(before),
        Optional.empty(),
        transitionOf(change),
        revision);
  }

  private static List<FloorChange> differences(
      NavigableMap<String, Staff> before, NavigableMap<String, Staff> after) {
    TreeSet<String> ids = new TreeSet<>(before.keySet());
    ids.addAll(after.keySet());
    List<FloorChange> found = new ArrayList<>();
    for (String id : ids) {
      Staff old = before.get(id);
      Staff now = after.get(id);
      if (old != null && old.equals(now)) {
        // Not by revision alone: another store, or a restored one, counts the same numbers anew.
        continue;
      }
      FloorChange.Kind kind =
          now == null
              ? FloorChange.Kind.LEFT
              : old == null ? FloorChange.Kind.ADDED : FloorChange.Kind.CHANGED;
      found.add(
          new FloorChange(
              kind,
              id,
              Optional.ofNullable(old),
              Optional.ofNullable(now),
              Optional.empty(),
              now == null ? 0 : now.getRevision()));
    }
    return found;
  }

  private static boolean isAssignable(Staff member) {
    return member.getStatus() == Status.STATUS_AVAILABLE
        && member.getCapabilities().getAssignInbound();
  }

  private void addFree(Staff member) {
    if (isAssignable(member)) {
      for (String group : groupsOf(member)) {
        free.computeIfAbsent(group, name -> new TreeSet<>(LONGEST_IDLE_FIRST)).add(member);
      }
    }
  }

  private void removeFree(Staff member) {
    if (isAssignable(member)) {
      groupsOf(member).forEach(group -> free.get(group).remove(member));
    }
  }

  /** The lists that somebody stands in, each once. */
  private static Set<String> groupsOf(Staff member) {
    Set<String> groups = new HashSet<>(Set.of(""));
    member.getSkillGroupsList().forEach(group -> groups.add(group.getName()));
    return groups;
  }

  private static Instant idleSince(Staff member) {
    return Times.instant(member.getIdleStartedAt());
  }

  private static String idOf(StaffChange change) {
    String id = change.getStaff().getStaffId();
    return id.isEmpty() ? change.getTransition().getStaffId() : id;
  }

  private static long revisionOf(StaffChange change) {
    return change.hasTransition()
        ? change.getTransition().getRevision()
        : change.getStaff().getRevision();
  }

  private static Optional<dev.onduty.v1.Transition> transitionOf(StaffChange change) {
    return change.hasTransition() ? Optional.of(change.getTransition()) : Optional.empty();
  }
}
