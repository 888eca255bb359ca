package dev.onduty.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the repository's server as a process of its own. It knows nothing of clients. */
final class RunningServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Onduty is serving on (\\S+:\\d+)");
  private static final Path EXECUTABLE =
      Path.of("../../.venv/bin/onduty").toAbsolutePath().normalize();

  private final Process process;
  private final StringBuffer log = new StringBuffer();
  private final String address;

  private RunningServer(Path journal, String listen) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(EXECUTABLE.toString(), "serve", "--rehearsal", "--drain", "0.5"));
    command.addAll(List.of("--listen", listen, "--journal", journal.toString()));
    process =
        new ProcessBuilder(command)
            .directory(journal.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    CompletableFuture<String> found = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(found));
    reader.setDaemon(true);
    reader.start();
    address = found.get(60, TimeUnit.SECONDS);
  }

  /** Whether the repository's server is installed; without it there is nothing to run against. */
  static boolean installed() {
    return Files.isExecutable(EXECUTABLE);
  }

  static RunningServer start(Path journal) throws Exception {
    return new RunningServer(journal, "127.0.0.1:0");
  }

  /** Starts on an address at which another server can start when this one has ended. */
  static RunningServer startSteady(Path journal) throws Exception {
    return new RunningServer(journal, "127.0.0.1:" + steadyPort());
  }

  /** A free port that no system gives to others by itself, so that it stays free. */
  static int steadyPort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket free = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }

  static RunningServer startOn(Path journal, String address) throws Exception {
    return new RunningServer(journal, address);
  }

  String address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void read(CompletableFuture<String> found) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.append(line).append('\n');
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          found.complete(ready.group(1));
        }
      }
      found.completeExceptionally(new AssertionError("the server did not start:\n" + log));
    } catch (IOException failed) {
      found.completeExceptionally(new UncheckedIOException(failed));
    }
  }
}
