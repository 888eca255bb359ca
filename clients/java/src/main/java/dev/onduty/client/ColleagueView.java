package dev.onduty.client;

import dev.onduty.v1.Colleague;
import dev.onduty.v1.ColleagueChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The colleagues of a staff member, built from snapshots and changes. Pure: no I/O, no clock, no
 * threads; its owner guards it.
 */
final class ColleagueView {
  private static final Comparator<Colleague> BY_NAME =
      Comparator.comparing(Colleague::getDisplayName, String.CASE_INSENSITIVE_ORDER)
          .thenComparing(Colleague::getStaffId);

  private Map<String, Colleague> colleagues = new TreeMap<>();
  private Map<String, Colleague> coming = new TreeMap<>();

  /** Forgets a snapshot that was cut short. */
  void beginSnapshot() {
    coming = new TreeMap<>();
  }

  /** Keeps a part of the coming snapshot aside. */
  void addToSnapshot(List<Colleague> chunk) {
    chunk.forEach(one -> coming.put(one.getStaffId(), one));
  }

  /** Makes the coming snapshot the view, and tells the differences by staff id. */
  List<ColleagueWatch.Change> swapSnapshot() {
    Map<String, Colleague> next = coming;
    coming = new TreeMap<>();
    return show(next);
  }

  /** Shows nobody until the next snapshot, and tells who is gone. */
  List<ColleagueWatch.Change> clear() {
    coming = new TreeMap<>();
    return show(new TreeMap<>());
  }

  private List<ColleagueWatch.Change> show(Map<String, Colleague> next) {
    Map<String, Colleague> before = colleagues;
    colleagues = next;
    TreeSet<String> ids = new TreeSet<>(before.keySet());
    ids.addAll(next.keySet());
    List<ColleagueWatch.Change> found = new ArrayList<>();
    ids.forEach(id -> difference(id, before.get(id), next.get(id)).ifPresent(found::add));
    return found;
  }

  /** Applies changes in order, and tells those that bring something new. */
  List<ColleagueWatch.Change> apply(List<ColleagueChange> changes) {
    List<ColleagueWatch.Change> applied = new ArrayList<>(changes.size());
    for (ColleagueChange change : changes) {
      String id = change.getColleague().getStaffId();
      Colleague before =
          change.getLeft() ? colleagues.remove(id) : colleagues.put(id, change.getColleague());
      difference(id, before, colleagues.get(id)).ifPresent(applied::add);
    }
    return applied;
  }

  Optional<Colleague> get(String staffId) {
    return Optional.ofNullable(colleagues.get(staffId));
  }

  /** Everybody, by name, then by id. */
  List<Colleague> all() {
    return colleagues.values().stream().sorted(BY_NAME).toList();
  }

  int size() {
    return colleagues.size();
  }

  /** Absent where both are the same. Null stands for who is not in the view. */
  private static Optional<ColleagueWatch.Change> difference(
      String id, Colleague before, Colleague after) {
    if (before == null ? after == null : before.equals(after)) {
      return Optional.empty();
    }
    FloorChange.Kind kind =
        before == null
            ? FloorChange.Kind.ADDED
            : after == null ? FloorChange.Kind.LEFT : FloorChange.Kind.CHANGED;
    return Optional.of(
        new ColleagueWatch.Change(
            kind, id, Optional.ofNullable(before), Optional.ofNullable(after)));
  }
}
