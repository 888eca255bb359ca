package dev.onduty.client;

import dev.onduty.v1.CallEvent;

/** What is the same of a call's start and of its end. Stateless. */
final class Facts {
  private Facts() {}

  static String callId(CallEvent event) {
    return event.hasStarted() ? event.getStarted().getCallId() : event.getEnded().getCallId();
  }

  static String requestId(CallEvent event) {
    return event.hasStarted() ? event.getStarted().getRequestId() : event.getEnded().getRequestId();
  }

  /**
   * The event with a request id, a new one where it has none. Fails for an event without a fact.
   */
  static CallEvent identified(CallEvent event) {
    if (event.getEventCase() == CallEvent.EventCase.EVENT_NOT_SET) {
      throw new IllegalArgumentException("the event has no fact: set started or ended");
    }
    if (!requestId(event).isEmpty()) {
      return event;
    }
    CallEvent.Builder identified = event.toBuilder();
    String requestId = CallDefaults.newRequestId();
    if (event.hasStarted()) {
      identified.getStartedBuilder().setRequestId(requestId);
    } else {
      identified.getEndedBuilder().setRequestId(requestId);
    }
    return identified.build();
  }
}
