package dev.onduty.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/**
 * How a connection is encrypted and who is trusted. An immutable value; files are read when the
 * connection is made.
 */
public final class Tls {
  private final Path caFile;
  private final Path certFile;
  private final Path keyFile;
  private final String serverName;

  private Tls(Path caFile, Path certFile, Path keyFile, String serverName) {
    this.caFile = caFile;
    this.certFile = certFile;
    this.keyFile = keyFile;
    this.serverName = serverName;
  }

  /**
   * TLS that trusts the Java runtime's roots and checks the target's host name.
   *
   * @return the options
   */
  public static Tls systemRoots() {
    return new Tls(null, null, null, null);
  }

  /**
   * Trusts the roots of a file instead of the runtime's.
   *
   * @param pem certificates in PEM form
   * @return changed options
   */
  public Tls withCaFile(Path pem) {
    return new Tls(pem, certFile, keyFile, serverName);
  }

  /**
   * Shows a client certificate (mutual TLS).
   *
   * @param certPem the certificate with its chain, in PEM form
   * @param keyPem its private key, PKCS #8 in PEM form, not encrypted
   * @return changed options
   */
  public Tls withCertificate(Path certPem, Path keyPem) {
    return new Tls(caFile, certPem, keyPem, serverName);
  }

  /**
   * Checks another name than the target's host.
   *
   * @param name the name that the server's certificate must have
   * @return changed options
   */
  public Tls withServerName(String name) {
    return new Tls(caFile, certFile, keyFile, name);
  }

  Optional<Path> caFile() {
    return Optional.ofNullable(caFile);
  }

  Optional<Path> certFile() {
    return Optional.ofNullable(certFile);
  }

  Optional<Path> keyFile() {
    return Optional.ofNullable(keyFile);
  }

  Optional<String> serverName() {
    return Optional.ofNullable(serverName);
  }

  void check() {
    if ((certFile == null) != (keyFile == null)) {
      throw new IllegalArgumentException("a client certificate needs both its file and its key's");
    }
    caFile().ifPresent(file -> requireCertificates("caFile", file));
    certFile().ifPresent(file -> requireCertificates("certFile", file));
    keyFile().filter(file -> !Files.isReadable(file)).ifPresent(Tls::unreadable);
    if (serverName != null && !serverName.matches("[A-Za-z0-9._:-]{1,253}")) {
      throw new IllegalArgumentException("serverName must be a host name");
    }
  }

  private static void unreadable(Path file) {
    throw new IllegalArgumentException("keyFile cannot be read: " + file);
  }

  private static void requireCertificates(String name, Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(pem).isEmpty()) {
        throw new IllegalArgumentException(name + " holds no certificate: " + file);
      }
    } catch (IOException | CertificateException cause) {
      throw new IllegalArgumentException(name + " cannot be read: " + file, cause);
    }
  }
}
