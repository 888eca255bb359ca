package dev.onduty.conformance;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Writes answers and events, one a line, from any thread. It does not know what they mean. */
final class Output {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private final PrintStream lines =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);

  void write(JsonObject line) {
    String text = GSON.toJson(line) + "\n";
    synchronized (lines) {
      lines.print(text);
      lines.flush();
    }
  }

  /** Begins an event of something that has a name. */
  static JsonObject event(String kind, String what, String name) {
    JsonObject event = new JsonObject();
    event.addProperty("event", kind);
    event.addProperty(what, name);
    return event;
  }

  void write(String kind, String what, String name, String field, JsonElement value) {
    JsonObject event = event(kind, what, name);
    event.add(field, value);
    write(event);
  }
}
