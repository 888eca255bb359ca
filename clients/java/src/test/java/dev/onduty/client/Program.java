package dev.onduty.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs a class of this project as a program of its own and reads its lines. */
final class Program implements AutoCloseable {
  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  Program(String mainClass, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    input = process.outputWriter();
    Thread reader = new Thread(this::read);
    reader.setDaemon(true);
    reader.start();
  }

  void write(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
  }

  void endInput() throws IOException {
    input.close();
  }

  /** The next line. */
  String line() throws InterruptedException {
    return Eventually.take(lines, line -> true);
  }

  /** The lines up to one that begins as given, with it. */
  List<String> linesUpTo(String beginning) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    do {
      taken.add(line());
    } while (!taken.get(taken.size() - 1).startsWith(beginning));
    return taken;
  }

  void signal() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the program did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      output.lines().forEach(lines::add);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
