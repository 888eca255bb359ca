package dev.onduty.examples;

import dev.onduty.client.Connection;
import dev.onduty.client.Options;
import java.util.HashMap;
import java.util.Map;

/** What a program needs before it begins: its arguments, its connection, and its way to end. */
final class Arguments {
  private static volatile boolean failed;

  private final Map<String, String> values = new HashMap<>();

  Arguments(String[] arguments) {
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("expected --name value, not " + arguments[i]);
      }
      values.put(arguments[i].substring(2), arguments[i + 1]);
    }
  }

  String required(String name) {
    if (!values.containsKey(name)) {
      throw new IllegalArgumentException("--" + name + " is missing");
    }
    return values.get(name);
  }

  double seconds(String name) {
    return Double.parseDouble(values.getOrDefault(name, "0"));
  }

  /** Connects to {@code --server} as {@code --tenant}. */
  Connection connect() {
    return Connection.open(
        Options.builder(required("server")).tenant(values.get("tenant")).build());
  }

  /** On SIGINT and SIGTERM closes the connection and ends the program with 0. */
  static void endOnSignal(Connection connection) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!failed) {
                    connection.close();
                    Runtime.getRuntime().halt(0);
                  }
                }));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> {
          failed = true;
          thrown.printStackTrace();
        });
  }
}
