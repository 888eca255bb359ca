/**
 * Turns the protocol's JSON into the client's messages and back.
 *
 * The JSON is protobuf's own form, which the client itself has no use for: it goes by the contract's descriptors and the wire form.
 */
import { readFileSync } from "node:fs";

import {
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type JsonValue,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const DESCRIPTORS = new URL("../../gen/descriptors.binpb", import.meta.url);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS)));

interface Encoding<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** The message's descriptor, by a name within onduty.v1. */
export function descriptor(name: string): DescMessage {
  const found = registry.getMessage(`onduty.v1.${name}`);
  if (found === undefined) throw new TypeError(`there is no message ${name}`);
  return found;
}

/** The input, output and kind of a method such as "RouterService/ClaimStaff". */
export function methodOf(name: string): { input: DescMessage; output: DescMessage; streams: boolean } {
  const [serviceName = "", methodName = ""] = name.split("/");
  const found = registry.getService(`onduty.v1.${serviceName}`)?.methods.find((method) => method.name === methodName);
  if (found === undefined) throw new TypeError(`there is no method ${name}`);
  return { input: found.input, output: found.output, streams: found.methodKind === "server_streaming" };
}

/** Bytes of the message that the JSON describes. */
export function bytesOfJson(schema: DescMessage, json: unknown): Uint8Array {
  return toBinary(schema, fromJson(schema, (json ?? {}) as JsonValue, { registry }));
}

/** The JSON of a message's bytes, with the contract's own field names. */
export function jsonOfBytes(schema: DescMessage, bytes: Uint8Array): JsonValue {
  return toJson(schema, fromBinary(schema, bytes), { registry, useProtoFieldName: true });
}

/** The client's message that the JSON describes. */
export function messageOfJson<T>(name: string, message: Encoding<T>, json: unknown): T {
  return message.decode(bytesOfJson(descriptor(name), json));
}

/** The JSON of one of the client's messages. */
export function jsonOf<T>(name: string, message: Encoding<T>, value: T): JsonValue {
  return jsonOfBytes(descriptor(name), message.encode(value).finish());
}

/** The name of an enum's number, or the number where the contract does not name it. */
export function enumName(name: string, number: number): string | number {
  return registry.getEnum(`onduty.v1.${name}`)?.value[number]?.name ?? number;
}

/** The value of the client's enum that the contract's name means; the first one where there is no name. */
export function enumValue<Enum>(
  enumName: string,
  values: Readonly<Record<string, Enum | string>>,
  name: unknown,
): Enum {
  const described = registry.getEnum(`onduty.v1.${enumName}`)?.values ?? [];
  const found = name === undefined || name === null ? described[0] : described.find((each) => each.name === name);
  if (found === undefined) throw new TypeError(`${enumName} has no value ${JSON.stringify(name)}`);
  return values[found.localName] as Enum;
}
