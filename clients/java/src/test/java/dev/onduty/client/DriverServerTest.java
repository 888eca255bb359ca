package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
class DriverServerTest {
  private Program driver;

  @BeforeEach
  void start() throws Exception {
    driver = new Program("dev.onduty.conformance.Driver");
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  @DisplayName("The driver says who it is, refuses what it does not know, and ends with its input")
  void helloAndEnd() throws Exception {
    assertEquals("java", ask("{'id': 1, 'do': 'hello'}", "ok").get("language").getAsString());
    JsonObject unknown = ask("{'id': 2, 'do': 'dance'}", "error");
    assertEquals("DriverError", unknown.get("kind").getAsString());
    driver.endInput();
    assertEquals(0, driver.exitCode());
  }

  @Test
  @DisplayName("A refused call is answered with the error's fields in the protocol's form")
  void refusedCall() throws Exception {
    Options options = SharedServer.freshTenant().build();
    try (Connection connection = Connection.open(options)) {
      SharedServer.create(connection, "a");
    }
    connect(options);
    JsonObject error =
        ask(
            "{'id': 2, 'do': 'call', 'connection': 'c', 'method': 'RouterService/ClaimStaff',"
                + " 'request': {'call_id': 'c1', 'named': {'staff_id': 'a'}}}",
            "error");
    assertEquals("RefusedError", error.get("kind").getAsString());
    assertEquals("STAFF_NOT_ASSIGNABLE", error.get("reason").getAsString());
    assertEquals("a", error.getAsJsonObject("current").get("staff_id").getAsString());
    assertEquals("ACTION_CLAIM", error.get("requested").getAsString());
    ask("{'id': 3, 'do': 'disconnect', 'connection': 'c'}", "ok");
  }

  @Test
  @DisplayName("The status of a fact that failed is answered with its details")
  void failedFact() throws Exception {
    connect(SharedServer.freshTenant().build());
    JsonObject answer =
        ask(
            "{'id': 2, 'do': 'call', 'connection': 'c', 'method': 'RouterService/ReportCallEvents',"
                + " 'request': {'events': [{'started': {'staff_id': 'a', 'call_id': 'c1'}}]}}",
            "ok");
    JsonObject result =
        answer
            .getAsJsonObject("response")
            .getAsJsonArray("results")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("error");
    JsonObject detail = result.getAsJsonArray("details").get(0).getAsJsonObject();
    assertEquals("STAFF_UNKNOWN", detail.get("reason").getAsString());
  }

  private void connect(Options options) throws Exception {
    ask(
        "{'id': 1, 'do': 'connect', 'name': 'c', 'options': {'target': '"
            + options.target()
            + "', 'tenant': '"
            + options.tenant().orElseThrow()
            + "', 'call_timeout': 30.5}}",
        "ok");
  }

  private JsonObject ask(String request, String outcome) throws Exception {
    driver.write(request.replace('\'', '"'));
    String line = driver.line();
    JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
    if (!answer.has(outcome)) {
      throw new AssertionError("expected " + outcome + ": " + line);
    }
    return answer.getAsJsonObject(outcome);
  }
}
