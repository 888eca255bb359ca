package dev.onduty.client;

import dev.onduty.v1.NobodyAvailable;
import dev.onduty.v1.SkillGroupSummary;
import dev.onduty.v1.StatusCount;
import java.util.List;

/** None of the candidates, or nobody in the skill groups, can be given the call now. */
public final class NobodyAvailableError extends OndutyError {
  private static final long serialVersionUID = 1L;

  NobodyAvailableError(Failure failure) {
    super(failure);
  }

  /**
   * All who were asked about, by status; nobody counts twice.
   *
   * @return the counts; statuses that nobody has are left out
   */
  public List<StatusCount> counts() {
    return failure().nobody().map(NobodyAvailable::getCountsList).orElse(List.of());
  }

  /**
   * The members of each skill group that was asked, in the order of the request.
   *
   * @return the groups; empty where candidates were asked
   */
  public List<SkillGroupSummary> skillGroups() {
    return failure().nobody().map(NobodyAvailable::getSkillGroupsList).orElse(List.of());
  }
}
