package dev.onduty.conformance;

import com.google.gson.JsonObject;
import dev.onduty.client.Connection;
import dev.onduty.client.Options;
import dev.onduty.client.Tls;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The connections by name. It makes no calls. */
final class Connections {
  private final Map<String, Connection> byName = new ConcurrentHashMap<>();

  JsonObject open(JsonObject request) {
    JsonObject fields = Json.object(request, "options");
    Options.Builder options = Options.builder(Json.text(fields, "target"));
    Json.optionalText(fields, "tenant").ifPresent(options::tenant);
    Json.optionalText(fields, "actor").ifPresent(options::actor);
    Json.optionalText(fields, "token").ifPresent(options::token);
    if (fields.has("tls") && !fields.get("tls").isJsonNull()) {
      options.tls(tls(fields.getAsJsonObject("tls")));
    }
    Json.seconds(fields, "call_timeout").ifPresent(options::callTimeout);
    Json.seconds(fields, "bookmark_interval").ifPresent(options::bookmarkInterval);
    Json.seconds(fields, "trust_limit").ifPresent(options::trustLimit);
    Json.seconds(fields, "backoff_initial").ifPresent(options::backoffInitial);
    Json.seconds(fields, "backoff_max").ifPresent(options::backoffMax);
    Connection old = byName.put(Json.text(request, "name"), Connection.open(options.build()));
    if (old != null) {
      old.close();
    }
    return new JsonObject();
  }

  Connection of(JsonObject request) {
    String name = Json.text(request, "connection");
    Connection found = byName.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no such connection: " + name);
    }
    return found;
  }

  JsonObject close(JsonObject request) {
    of(request).close();
    byName.remove(Json.text(request, "connection"));
    return new JsonObject();
  }

  void closeAll() {
    byName.values().forEach(Connection::close);
  }

  private static Tls tls(JsonObject fields) {
    Tls tls = Tls.systemRoots();
    Optional<Path> ca = Json.optionalText(fields, "ca_file").map(Path::of);
    Optional<Path> cert = Json.optionalText(fields, "cert_file").map(Path::of);
    Optional<Path> key = Json.optionalText(fields, "key_file").map(Path::of);
    Optional<String> name = Json.optionalText(fields, "server_name");
    tls = ca.isPresent() ? tls.withCaFile(ca.get()) : tls;
    tls = name.isPresent() ? tls.withServerName(name.get()) : tls;
    return tls.withCertificate(cert.orElse(null), key.orElse(null));
  }
}
