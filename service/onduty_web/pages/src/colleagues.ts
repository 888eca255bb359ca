/** Colleagues, as the policy lets staff see them; watched while the page is visible. */
import { Code } from "@connectrpc/connect";
import { css, html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { Status } from "../gen/onduty/v1/staff_pb.js";
import type { Colleague, WatchColleaguesResponse } from "../gen/onduty/v1/workspace_service_pb.js";
import { needsCredential, type Api } from "./api.js";
import { seconds } from "./durations.js";
import { Follower } from "./follow.js";
import { common, initials, nameOf, shape, statusName, statusWord, timeIn } from "./look.js";
import { elapsed, say } from "./words.js";

const BOOKMARK_SECONDS = 5;

export class Colleagues extends LitElement {
  static override properties = { api: { attribute: false }, staffId: { attribute: false }, now: { type: Number } };
  static override styles: CSSResultGroup = [
    common,
    css`
      section {
        padding: 1rem 1.1rem;
      }
      h2 {
        font-size: 1rem;
        margin-bottom: 0.6rem;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 0.15rem;
      }
      li {
        display: grid;
        grid-template-columns: 2rem 1fr auto;
        gap: 0 0.7rem;
        align-items: center;
        padding: 0.4rem 0;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .face {
        position: relative;
        display: grid;
        place-items: center;
        width: 2rem;
        height: 2rem;
        border-radius: 50%;
        background: var(--sunken);
        font-size: 0.8rem;
        font-weight: 700;
        color: var(--text);
      }
      .face .shape {
        position: absolute;
        inset-block-end: -0.2rem;
        inset-inline-end: -0.25rem;
        color: var(--status);
        background: var(--card);
        border-radius: 50%;
        padding: 1px;
      }
      .name {
        font-weight: 560;
        line-height: 1.25;
      }
      small {
        display: block;
        color: var(--quiet);
        font-size: 0.82rem;
        font-weight: 400;
      }
      .open {
        color: var(--available);
        font-size: 0.82rem;
        font-weight: 600;
        text-align: end;
      }
    `,
  ];

  declare api: Api;
  declare staffId: string;
  declare now: number;
  #people = new Map<string, Colleague>();
  #aside = new Map<string, Colleague>();
  #follower: Follower<WatchColleaguesResponse> | undefined;
  #remark = "";

  constructor() {
    super();
    this.now = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#follow);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#follow);
    this.#stop();
  }

  override render(): TemplateResult {
    const people = [...this.#people.values()].sort((a, b) => rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b)));
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${say("colleagues")}</h2>
      ${this.#remark === "" && people.length > 0 ? nothing : html`<p class="quiet">${this.#remark || say("colleaguesNone")}</p>`}
      <ul>
        ${repeat(
          people,
          ({ staffId }) => staffId,
          (person) => this.#person(person),
        )}
      </ul>
    </section>`;
  }

  #person(person: Colleague): TemplateResult {
    return html`<li class=${statusName(person.status)} data-staff=${person.staffId}>
      <span class="face" aria-hidden="true">${initials(nameOf(person))}${shape(person.status)}</span>
      <span class="name"
        >${nameOf(person)}<small
          >${statusWord(person.status)} <span class="number">${elapsed(timeIn(person, this.now))}</span></small
        ></span
      >
      <span class="open">${person.openToTransfers ? say("openToTransfers") : nothing}</span>
    </li>`;
  }

  readonly #follow = (): void => {
    this.#stop();
    if (document.visibilityState !== "visible") return;
    this.#follower = new Follower<WatchColleaguesResponse>({
      open: (signal) => {
        this.#aside = new Map();
        const request = { staffId: this.staffId, bookmarkInterval: seconds(BOOKMARK_SECONDS) };
        return this.api.workspace.watchColleagues(request, { signal });
      },
      receive: ({ event }) => {
        this.#receive(event);
      },
      changed: (_, error) => {
        this.#remark = error?.code === Code.FailedPrecondition ? say("colleaguesHidden") : "";
        this.requestUpdate();
      },
      isFinal: (error) =>
        needsCredential(error) || [Code.FailedPrecondition, Code.NotFound, Code.PermissionDenied].includes(error.code),
      silenceMs: 3 * BOOKMARK_SECONDS * 1000,
    });
  };

  #stop(): void {
    this.#follower?.stop();
    this.#follower = undefined;
  }

  #receive(event: WatchColleaguesResponse["event"]): void {
    if (event.case === "snapshotChunk") {
      for (const person of event.value.colleagues) this.#aside.set(person.staffId, person);
      if (event.value.last) this.#people = this.#aside;
    } else if (event.case === "changes") {
      for (const { colleague, left } of event.value.changes) {
        if (colleague === undefined) continue;
        if (left) this.#people.delete(colleague.staffId);
        else this.#people.set(colleague.staffId, colleague);
      }
    } else return;
    this.requestUpdate();
  }
}

/** Who can be reached stands first, who is away last. */
function rank(person: Colleague): number {
  if (person.openToTransfers) return 0;
  return person.status === Status.OFFLINE ? 2 : 1;
}

customElements.define("onduty-colleagues", Colleagues);
