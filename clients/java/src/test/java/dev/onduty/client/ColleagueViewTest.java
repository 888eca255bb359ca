package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.Colleague;
import dev.onduty.v1.ColleagueChange;
import dev.onduty.v1.Status;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ColleagueViewTest {
  private final ColleagueView view = new ColleagueView();

  @Test
  @DisplayName("A snapshot shows only when it is complete, and adds everybody by id")
  void snapshot() {
    view.addToSnapshot(List.of(busy("b")));
    assertEquals(0, view.size());
    view.addToSnapshot(List.of(busy("a")));
    assertEquals(List.of("a ADDED", "b ADDED"), told(view.swapSnapshot()));
    assertEquals(List.of(busy("a"), busy("b")), view.all());
  }

  @Test
  @DisplayName("A snapshot that was cut short is thrown away")
  void cutSnapshot() {
    view.addToSnapshot(List.of(busy("ghost")));
    view.beginSnapshot();
    view.addToSnapshot(List.of(busy("a")));
    view.swapSnapshot();
    assertTrue(view.get("ghost").isEmpty());
  }

  @Test
  @DisplayName("A later snapshot tells the differences only")
  void laterSnapshot() {
    view.addToSnapshot(List.of(busy("gone"), busy("new state"), busy("same")));
    view.swapSnapshot();
    view.addToSnapshot(List.of(available("new state"), busy("newcomer"), busy("same")));
    assertEquals(
        List.of("gone LEFT", "new state CHANGED", "newcomer ADDED"), told(view.swapSnapshot()));
  }

  @Test
  @DisplayName("Colleagues come by name in any case, then by id")
  void byName() {
    view.addToSnapshot(List.of(named("1", "chi"), named("2", "Ben"), named("3", "ben")));
    view.swapSnapshot();
    assertEquals(List.of("2", "3", "1"), view.all().stream().map(Colleague::getStaffId).toList());
  }

  @Test
  @DisplayName("A view that is emptied tells who is gone, and forgets a snapshot that was coming")
  void cleared() {
    view.addToSnapshot(List.of(busy("a"), busy("b")));
    view.swapSnapshot();
    view.addToSnapshot(List.of(busy("ghost")));
    assertEquals(List.of("a LEFT", "b LEFT"), told(view.clear()));
    assertEquals(0, view.size());
    assertEquals(List.of(), told(view.swapSnapshot()));
  }

  private static Colleague named(String staffId, String name) {
    return Colleague.newBuilder().setStaffId(staffId).setDisplayName(name).build();
  }

  @Test
  @DisplayName("Changes are applied in order, and those that bring nothing new are not told")
  void changes() {
    view.addToSnapshot(List.of(busy("a")));
    view.swapSnapshot();
    var changes =
        view.apply(
            List.of(
                ColleagueChange.newBuilder().setColleague(busy("a")).build(),
                ColleagueChange.newBuilder().setColleague(available("a")).build(),
                left("a"),
                left("a")));
    assertEquals(List.of("a CHANGED", "a LEFT"), told(changes));
    assertEquals(busy("a"), changes.get(0).before().orElseThrow());
    assertEquals(available("a"), changes.get(0).after().orElseThrow());
    assertEquals(0, view.size());
  }

  private static List<String> told(List<ColleagueWatch.Change> changes) {
    return changes.stream().map(change -> change.staffId() + " " + change.kind()).toList();
  }

  private static ColleagueChange left(String staffId) {
    Colleague colleague = Colleague.newBuilder().setStaffId(staffId).build();
    return ColleagueChange.newBuilder().setColleague(colleague).setLeft(true).build();
  }

  static Colleague busy(String staffId) {
    return Colleague.newBuilder().setStaffId(staffId).setStatus(Status.STATUS_BUSY).build();
  }

  static Colleague available(String staffId) {
    return Colleague.newBuilder().setStaffId(staffId).setStatus(Status.STATUS_AVAILABLE).build();
  }
}
