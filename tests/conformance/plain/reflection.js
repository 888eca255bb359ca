// Learns messages and methods from a server by reflection. It knows nothing of the service beforehand.
import { createRequire } from "node:module";
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const found = createRequire(import.meta.url).resolve("@grpc/reflection/package.json");
const proto = new URL("build/proto/grpc/reflection/v1/reflection.proto", `file://${found}`).pathname;
const { ServerReflection } = loadPackageDefinition(loadSync(proto)).grpc.reflection.v1;

// What errors carry; the service's own methods do not lead to these files.
const DETAILS = ["google.rpc.Status", "onduty.v1.ErrorDetails"];
const OWN = "onduty.v1.";
const SECONDS_MOST = 10;

// A registry of every message and method that the server tells of.
export async function learn(target, credentials) {
  const client = new ServerReflection(target, credentials);
  const conversation = new Conversation(
    client.ServerReflectionInfo({ deadline: Date.now() + SECONDS_MOST * 1000 }),
  );
  try {
    const { listServicesResponse } = await conversation.ask({ listServices: "" });
    const services = listServicesResponse.service.map((one) => one.name).filter((name) => name.startsWith(OWN));
    const files = new Map();
    for (const symbol of [...services, ...DETAILS]) {
      await fetchWithImports(conversation, { fileContainingSymbol: symbol }, files);
    }
    return createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder(files) }));
  } finally {
    conversation.end();
    client.close();
  }
}

async function fetchWithImports(conversation, question, files) {
  const answer = await conversation.ask(question);
  for (const bytes of answer.fileDescriptorResponse?.fileDescriptorProto ?? []) {
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    if (files.has(file.name)) continue;
    files.set(file.name, file);
    for (const name of file.dependency) {
      if (!files.has(name)) await fetchWithImports(conversation, { fileByFilename: name }, files);
    }
  }
}

// Imports before the files that import them, as a registry wants them.
function inOrder(files) {
  const ordered = new Set();
  const add = (file) => {
    for (const name of file.dependency) if (files.has(name)) add(files.get(name));
    ordered.add(file);
  };
  for (const file of files.values()) add(file);
  return [...ordered];
}

// One stream of questions, an answer to each in its order.
class Conversation {
  constructor(stream) {
    this.stream = stream;
    this.waiting = [];
    stream.on("data", (answer) => this.waiting.shift()?.resolve(answer));
    stream.on("error", (error) => this.waiting.splice(0).forEach((one) => one.reject(error)));
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.stream.write(question);
    });
  }

  end() {
    this.stream.on("error", () => {});
    this.stream.end();
  }
}
