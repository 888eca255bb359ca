// One channel and what reflection told of its server: calls by name, messages as JSON.
import { readFileSync } from "node:fs";
import { fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { Client, Metadata, credentials } from "@grpc/grpc-js";
import { errorOf } from "./errors.js";
import { learn } from "./reflection.js";

const CALL_SECONDS = 5;
const LARGEST_ANSWER = 64 * 1024 * 1024;

export class DriverError extends Error {}

export class Connection {
  constructor(options) {
    this.options = options;
    this.credentials = credentialsOf(options.tls);
    this.client = new Client(options.target, this.credentials, {
      "grpc.max_receive_message_length": LARGEST_ANSWER,
      "grpc.keepalive_time_ms": 15_000,
      "grpc.keepalive_timeout_ms": 10_000,
      "grpc.keepalive_permit_without_calls": 1,
      "grpc.enable_http_proxy": 0,
    });
  }

  async call(name, request, seconds) {
    const found = await this.method(name);
    const deadline = Date.now() + (seconds ?? this.options.call_timeout ?? CALL_SECONDS) * 1000;
    return new Promise((resolve, reject) => {
      const done = (failure, answer) => (failure ? reject(failure) : resolve(this.json(found.method.output, answer)));
      this.client.makeUnaryRequest(...this.wire(found, request), this.metadata(), { deadline }, done);
    });
  }

  async open(name, request) {
    const found = await this.method(name);
    const stream = this.client.makeServerStreamRequest(...this.wire(found, request), this.metadata());
    return { stream, frame: (message) => this.json(found.method.output, message) };
  }

  error(failure) {
    return errorOf(failure, this.registry);
  }

  close() {
    this.client.close();
  }

  async method(name) {
    this.learning ??= learn(this.options.target, this.credentials);
    this.registry = await this.learning;
    const [service, called] = name.split("/");
    const method = this.registry.getService(`onduty.v1.${service}`)?.methods.find((one) => one.name === called);
    if (!method) throw new DriverError(`the server tells of no method ${name}`);
    return { path: `/onduty.v1.${name}`, method };
  }

  wire({ path, method }, request) {
    let message;
    try {
      message = fromJson(method.input, request ?? {}, { registry: this.registry });
    } catch (error) {
      throw new DriverError(error.message);
    }
    const encode = (value) => Buffer.from(toBinary(method.input, value));
    return [path, encode, (bytes) => fromBinary(method.output, bytes), message];
  }

  json(schema, message) {
    return toJson(schema, message, { registry: this.registry, useProtoFieldName: true });
  }

  metadata() {
    const told = new Metadata();
    if (this.options.tenant) told.set("onduty-tenant", this.options.tenant);
    if (this.options.actor) told.set("onduty-actor", this.options.actor);
    if (this.options.token) told.set("authorization", `Bearer ${this.options.token}`);
    return told;
  }
}

function credentialsOf(tls) {
  if (!tls) return credentials.createInsecure();
  const read = (file) => (file ? readFileSync(file) : null);
  return credentials.createSsl(read(tls.ca_file), read(tls.key_file), read(tls.cert_file));
}
