/** A desk's attachment, which all tabs of a browser share: one of them holds the stream and tells the others. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";

import { StaffSchema, type Staff } from "../gen/onduty/v1/staff_pb.js";
import type { AttachResponse } from "../gen/onduty/v1/workspace_service_pb.js";
import { needsCredential, randomId, type Api } from "./api.js";
import { seconds } from "./durations.js";
import { Follower, type Liveness } from "./follow.js";

const BOOKMARK_SECONDS = 5;
const SILENCE_MS = 3 * BOOKMARK_SECONDS * 1000;

type Told =
  | { readonly kind: "staff"; readonly bytes: Uint8Array }
  | { readonly kind: "beat" | "hello" | "left" }
  | { readonly kind: "liveness"; readonly liveness: Liveness };

/** Who hears of the own state. */
export interface DeskReader {
  staff(staff: Staff): void;
  /** The person was deleted. */
  left(): void;
  liveness(liveness: Liveness, error: ConnectError | undefined): void;
}

/** The attachment of a staff member's desk in this browser. */
export class SharedAttachment {
  readonly #api: Api;
  readonly #staffId: string;
  readonly #reader: DeskReader;
  readonly #channel: BroadcastChannel;
  readonly #closing = new AbortController();
  #follower: Follower<AttachResponse> | undefined;
  #heardAt = Date.now();
  #latest: Staff | undefined;
  #leads = false;

  constructor(api: Api, staffId: string, reader: DeskReader) {
    this.#api = api;
    this.#staffId = staffId;
    this.#reader = reader;
    const name = `onduty/${api.tenant}/${staffId}`;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Told>) => {
      this.#hear(data);
    };
    this.#channel.postMessage({ kind: "hello" } satisfies Told);
    void this.#queueUp(name);
  }

  /** Milliseconds since something was heard of the server. */
  get age(): number {
    return this.#follower?.age ?? Math.max(0, Date.now() - this.#heardAt);
  }

  /** Whether it is too long ago. */
  get isSilent(): boolean {
    return this.age > SILENCE_MS;
  }

  /** Attach anew. */
  again(): void {
    if (this.#leads) this.#attach();
  }

  /** Let go: another tab takes over, or the workspace is gone. */
  close(): void {
    this.#closing.abort();
    this.#follower?.stop();
    this.#channel.close();
  }

  async #queueUp(name: string): Promise<void> {
    const { signal } = this.#closing;
    const hold = async (): Promise<void> => {
      this.#leads = true;
      this.#attach();
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => {
          resolve();
        });
      });
    };
    // Where a page is no secure context there are no locks: each tab attaches by itself.
    const locks = (navigator as { locks?: LockManager }).locks;
    if (locks === undefined) await hold();
    else await locks.request(name, { signal }, hold).catch(() => undefined);
  }

  #attach(): void {
    this.#follower?.stop();
    this.#follower = new Follower<AttachResponse>({
      open: (signal) =>
        this.#api.workspace.attach(
          {
            staffId: this.#staffId,
            workspaceId: workspaceId(this.#staffId),
            userAgent: "Onduty desk",
            bookmarkInterval: seconds(BOOKMARK_SECONDS),
          },
          { signal },
        ),
      receive: ({ event }) => {
        this.#receive(event);
      },
      changed: (liveness, error) => {
        this.#tell({ kind: "liveness", liveness });
        this.#reader.liveness(liveness, error);
      },
      isFinal: (error) => needsCredential(error) || FINAL.has(error.code),
      silenceMs: SILENCE_MS,
    });
  }

  #receive(event: AttachResponse["event"]): void {
    if (event.case !== "change") {
      this.#tell({ kind: "beat" });
      return;
    }
    if (event.value.left) {
      this.#tell({ kind: "left" });
      this.#follower?.stop();
      this.#reader.left();
      return;
    }
    const staff = event.value.staff;
    if (staff === undefined) return;
    this.#latest = staff;
    this.#tell({ kind: "staff", bytes: toBinary(StaffSchema, staff) });
    this.#reader.staff(staff);
  }

  #hear(told: Told): void {
    if (told.kind === "hello") {
      if (!this.#leads) return;
      if (this.#latest !== undefined) this.#tell({ kind: "staff", bytes: toBinary(StaffSchema, this.#latest) });
      if (this.#follower !== undefined) this.#tell({ kind: "liveness", liveness: this.#follower.liveness });
      return;
    }
    if (this.#leads) return;
    if (told.kind !== "liveness" || told.liveness === "live") this.#heardAt = Date.now();
    if (told.kind === "staff") this.#reader.staff(fromBinary(StaffSchema, told.bytes));
    else if (told.kind === "left") this.#reader.left();
    else if (told.kind === "liveness") this.#reader.liveness(told.liveness, undefined);
  }

  #tell(told: Told): void {
    if (!this.#closing.signal.aborted) this.#channel.postMessage(told);
  }
}

/** Nobody is there, or may not be seen; or another desk has taken this one's place. */
const FINAL = new Set([Code.NotFound, Code.PermissionDenied, Code.InvalidArgument, Code.Aborted]);

/** The same in all tabs and after a reload: the service knows the desk again. */
function workspaceId(staffId: string): string {
  const key = `onduty-workspace-${staffId}`;
  const kept = localStorage.getItem(key);
  if (kept !== null) return kept;
  const made = `desk-${randomId()}`;
  localStorage.setItem(key, made);
  return made;
}
