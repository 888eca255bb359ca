package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  @TempDir Path folder;

  @Test
  @DisplayName("The defaults are those of the contract")
  void defaults() {
    Options options = Options.builder("localhost:50051").build();
    assertTrue(options.tenant().isEmpty());
    assertTrue(options.actor().isEmpty());
    assertTrue(options.tls().isEmpty());
    assertEquals(Duration.ofSeconds(5), options.callTimeout());
    assertEquals(Duration.ofSeconds(5), options.bookmarkInterval());
    assertEquals(Duration.ofSeconds(30), options.trustLimit());
    assertEquals(Duration.ofMillis(200), options.backoffInitial());
    assertEquals(Duration.ofSeconds(10), options.backoffMax());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "localhost:", "localhost:70000", "http://a:1", "a b:1"})
  @DisplayName("A target that is not host:port is refused")
  void badTarget(String target) {
    refused(Options.builder(target));
  }

  @Test
  @DisplayName("Times out of their bounds are refused")
  void badTimes() {
    refused(valid().callTimeout(Duration.ZERO));
    refused(valid().bookmarkInterval(Duration.ofMillis(999)));
    refused(valid().bookmarkInterval(Duration.ofSeconds(61)));
    refused(valid().trustLimit(Duration.ofSeconds(-1)));
    refused(valid().backoffInitial(Duration.ZERO));
    refused(valid().backoffMax(Duration.ofMillis(100)));
    refused(valid().callTimeout(null));
  }

  @Test
  @DisplayName("A tenant, an actor or a token that no header can carry is refused")
  void badHeaders() {
    refused(valid().tenant("new\nline"));
    refused(valid().tenant(""));
    refused(valid().actor("new\nline"));
    refused(valid().actor(""));
    refused(valid().actor(" "));
    refused(valid().actor("a".repeat(129)));
    refused(valid().token("with space"));
  }

  @Test
  @DisplayName("A token over plain text is refused unless the target is a loopback address")
  void tokenNeedsTls() {
    refused(Options.builder("onduty.example:443").token("secret"));
    refused(Options.builder("10.0.0.1:443").token(() -> "secret"));
    for (String loopback : new String[] {"localhost:1", "127.0.0.1:1", "127.8.9.10:1", "[::1]:1"}) {
      assertDoesNotThrow(() -> Options.builder(loopback).token("secret").build().check());
    }
    assertDoesNotThrow(
        () ->
            Options.builder("a.example:1").token("secret").tls(Tls.systemRoots()).build().check());
  }

  @Test
  @DisplayName("TLS files that cannot be used are refused when the connection is made")
  void badTlsFiles() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path missing = folder.resolve("missing.pem");
    refused(valid().tls(Tls.systemRoots().withCaFile(missing)));
    refused(valid().tls(Tls.systemRoots().withCaFile(empty)));
    refused(valid().tls(Tls.systemRoots().withCertificate(empty, empty)));
    refused(valid().tls(Tls.systemRoots().withCertificate(empty, null)));
    refused(valid().tls(Tls.systemRoots().withServerName("not a name")));
  }

  @Test
  @DisplayName("A builder that goes on changing does not change what it made")
  void immutable() {
    Options.Builder builder = valid().tenant("first");
    Options options = builder.build();
    builder.tenant("second");
    assertEquals("first", options.tenant().orElseThrow());
  }

  private static Options.Builder valid() {
    return Options.builder("127.0.0.1:50051");
  }

  private static void refused(Options.Builder builder) {
    assertThrows(IllegalArgumentException.class, () -> Connection.open(builder.build()));
  }
}
