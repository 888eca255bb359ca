package dev.onduty.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.onduty.client.InternalError;
import dev.onduty.client.InvalidRequestError;
import dev.onduty.client.NobodyAvailableError;
import dev.onduty.client.OndutyError;
import dev.onduty.client.OverloadedError;
import dev.onduty.client.RefusedError;
import dev.onduty.client.ReplacedError;
import dev.onduty.client.RevisionMismatchError;
import dev.onduty.client.UnavailableError;
import dev.onduty.v1.ErrorDetails;
import dev.onduty.v1.Staff;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Turns messages, errors and times into the protocol's JSON and back. It makes no calls. */
final class Json {
  // What the status of a batch's item can carry.
  private static final TypeRegistry DETAILS =
      TypeRegistry.newBuilder().add(ErrorDetails.getDescriptor()).build();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .usingTypeRegistry(DETAILS)
          .preservingProtoFieldNames()
          .omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser();

  private Json() {}

  static JsonElement of(MessageOrBuilder message) {
    try {
      return JsonParser.parseString(PRINTER.print(message));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  static JsonArray of(Collection<? extends MessageOrBuilder> messages) {
    JsonArray array = new JsonArray();
    messages.forEach(message -> array.add(of(message)));
    return array;
  }

  static JsonObject response(Message message) {
    JsonObject ok = new JsonObject();
    ok.add("response", of(message));
    return ok;
  }

  /** The message of a field, in the form of {@code into}; empty where the field is missing. */
  static <B extends Message.Builder> B read(JsonObject object, String field, B into)
      throws InvalidProtocolBufferException {
    JsonElement element = object.get(field);
    if (element != null && !element.isJsonNull()) {
      PARSER.merge(element.toString(), into);
    }
    return into;
  }

  static JsonObject object(JsonObject object, String field) {
    JsonElement element = object.get(field);
    return element == null || element.isJsonNull() ? new JsonObject() : element.getAsJsonObject();
  }

  static String text(JsonObject object, String field) {
    return optionalText(object, field).orElse("");
  }

  static Optional<String> optionalText(JsonObject object, String field) {
    return Optional.ofNullable(object.get(field))
        .filter(element -> !element.isJsonNull())
        .map(JsonElement::getAsString);
  }

  static Optional<Duration> seconds(JsonObject object, String field) {
    return Optional.ofNullable(object.get(field))
        .filter(element -> !element.isJsonNull())
        .map(element -> Duration.ofNanos(Math.round(element.getAsDouble() * 1e9)));
  }

  static JsonElement seconds(Optional<Duration> time) {
    return time.<JsonElement>map(value -> new JsonPrimitive(value.toNanos() / 1e9))
        .orElse(JsonNull.INSTANCE);
  }

  static JsonObject error(OndutyError error) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", error.getClass().getSimpleName());
    json.addProperty("code", error.code().name());
    json.addProperty("reason", error.reason());
    json.addProperty("message", error.getMessage());
    JsonObject metadata = new JsonObject();
    error.metadata().forEach(metadata::addProperty);
    json.add("metadata", metadata);
    if (!error.requestId().isEmpty()) {
      json.addProperty("request_id", error.requestId());
    }
    addFields(error, json);
    return json;
  }

  private static void addFields(OndutyError error, JsonObject json) {
    if (error instanceof RefusedError refused) {
      addRefusal(refused, json);
    } else if (error instanceof InvalidRequestError invalid) {
      json.add("violations", violations(invalid));
    } else if (error instanceof NobodyAvailableError nobody) {
      json.add("counts", of(nobody.counts()));
      json.add("skill_groups", of(nobody.skillGroups()));
    } else if (error instanceof RevisionMismatchError mismatch) {
      addCurrent(mismatch.current(), json);
      mismatch
          .expectedRevision()
          .ifPresent(revision -> json.addProperty("expected_revision", Long.toString(revision)));
    } else if (error instanceof ReplacedError replaced) {
      json.addProperty("workspace_id", replaced.workspaceId());
    } else if (error instanceof OverloadedError overloaded) {
      addRetryAfter(overloaded.retryAfter(), json);
    } else if (error instanceof UnavailableError unavailable) {
      addRetryAfter(unavailable.retryAfter(), json);
    } else if (error instanceof InternalError internal && !internal.incidentId().isEmpty()) {
      json.addProperty("incident_id", internal.incidentId());
    }
  }

  private static void addRefusal(RefusedError refused, JsonObject json) {
    addCurrent(refused.current(), json);
    refused.requested().ifPresent(action -> json.addProperty("requested", action.name()));
    if (!refused.allowed().isEmpty()) {
      JsonArray names = new JsonArray();
      refused.allowed().forEach(action -> names.add(action.name()));
      json.add("allowed", names);
    }
  }

  private static void addCurrent(Optional<Staff> current, JsonObject json) {
    current.ifPresent(staff -> json.add("current", of(staff)));
  }

  private static void addRetryAfter(Optional<Duration> wait, JsonObject json) {
    wait.ifPresent(asked -> json.add("retry_after", seconds(Optional.of(asked))));
  }

  private static JsonArray violations(InvalidRequestError invalid) {
    JsonArray array = new JsonArray();
    for (InvalidRequestError.Violation violation : invalid.violations()) {
      JsonObject item = new JsonObject();
      item.addProperty("field", violation.field());
      item.addProperty("description", violation.description());
      array.add(item);
    }
    return array;
  }
}
