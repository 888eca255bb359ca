package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.onduty.v1.StaffFilter;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TlsTest {
  @TempDir static Path folder;

  @BeforeAll
  static void makeCertificates() throws Exception {
    makeAuthority("ca");
    makeAuthority("other-ca");
    makeCertificate("server", "ca", "DNS:onduty.example");
    makeCertificate("client", "ca", "DNS:client.example");
    makeCertificate("stranger", "other-ca", "DNS:client.example");
  }

  @Test
  @DisplayName("A server is trusted by the CA file and the name to check, and gets the token")
  void trusted() throws Exception {
    try (ScriptedServer server = new ScriptedServer(serverOnly())) {
      Options options =
          options(server, trusting("ca").withServerName("onduty.example")).token("t").build();
      try (Connection connection = Connection.open(options)) {
        assertEquals("claim", connection.router().claimMember("c", "g").getClaimId());
        connection.router().floor(StaffFilter.getDefaultInstance());
        assertEquals("Bearer t", server.nextWatch().header("authorization"));
      }
    }
  }

  @Test
  @DisplayName("A server of another name, CA or the system's roots is not trusted")
  void notTrusted() throws Exception {
    try (ScriptedServer server = new ScriptedServer(serverOnly())) {
      refused(server, trusting("ca"));
      refused(server, trusting("other-ca").withServerName("onduty.example"));
      refused(server, Tls.systemRoots().withServerName("onduty.example"));
    }
  }

  @Test
  @DisplayName("With mutual TLS the client's certificate is what lets it in")
  void mutualTls() throws Exception {
    try (ScriptedServer server = new ScriptedServer(mutual())) {
      Tls named = trusting("ca").withServerName("onduty.example");
      Tls known = named.withCertificate(file("client.pem"), file("client.key"));
      try (Connection connection = Connection.open(options(server, known).build())) {
        assertEquals("claim", connection.router().claimMember("c", "g").getClaimId());
      }
      refused(server, named);
      refused(server, named.withCertificate(file("stranger.pem"), file("stranger.key")));
    }
  }

  @Test
  @DisplayName("A key that is none is refused when the connection is made")
  void badKey() {
    Tls wrong = trusting("ca").withCertificate(file("client.pem"), file("ca.pem"));
    Options options = Options.builder("127.0.0.1:1").tls(wrong).build();
    assertThrows(IllegalArgumentException.class, () -> Connection.open(options));
  }

  private static void refused(ScriptedServer server, Tls tls) {
    try (Connection connection = Connection.open(options(server, tls).build())) {
      assertThrows(UnavailableError.class, () -> connection.router().claimMember("c", "g"));
    }
  }

  private static Options.Builder options(ScriptedServer server, Tls tls) {
    return server.options().tls(tls);
  }

  private static Tls trusting(String authority) {
    return Tls.systemRoots().withCaFile(file(authority + ".pem"));
  }

  private static ServerCredentials serverOnly() throws IOException {
    return TlsServerCredentials.create(file("server.pem").toFile(), file("server.key").toFile());
  }

  private static ServerCredentials mutual() throws IOException {
    return TlsServerCredentials.newBuilder()
        .keyManager(file("server.pem").toFile(), file("server.key").toFile())
        .trustManager(file("ca.pem").toFile())
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  private static Path file(String name) {
    return folder.resolve(name);
  }

  private static void makeAuthority(String name) throws Exception {
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=%s "
            + "-keyout %s.key -out %s.pem",
        name, name, name);
  }

  private static void makeCertificate(String name, String authority, String alternativeName)
      throws Exception {
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%s -keyout %s.key "
            + "-out %s.csr",
        name, name, name);
    Files.writeString(file(name + ".ext"), "subjectAltName=" + alternativeName);
    openssl(
        "x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -days 2 -extfile %s.ext "
            + "-out %s.pem",
        name, authority, authority, name, name);
  }

  private static void openssl(String arguments, Object... names) throws Exception {
    Process process =
        new ProcessBuilder(("openssl " + String.format(arguments, names)).split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError(Files.readString(folder.resolve("openssl.log")));
    }
  }
}
