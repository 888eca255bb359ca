package dev.onduty.client;

import dev.onduty.v1.NobodyAvailable;
import dev.onduty.v1.StatusCount;
import java.util.List;

/** Nobody in the skill group can be assigned a call now. */
public final class NobodyAvailableError extends OndutyError {
  private static final long serialVersionUID = 1L;

  NobodyAvailableError(Failure failure) {
    super(failure);
  }

  /**
   * The skill group that was asked for.
   *
   * @return the group's name
   */
  public String skillGroup() {
    String named = metadata().getOrDefault("skill_group", "");
    return failure().nobody().map(NobodyAvailable::getSkillGroup).orElse(named);
  }

  /**
   * The group's members by status.
   *
   * @return the counts; statuses that nobody has are left out
   */
  public List<StatusCount> counts() {
    return failure().nobody().map(NobodyAvailable::getCountsList).orElse(List.of());
  }
}
