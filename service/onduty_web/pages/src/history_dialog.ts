/** A person's day: a line of statuses, and each change with who and why. */
import { css, html, LitElement, nothing, svg, type CSSResultGroup, type TemplateResult } from "lit";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Cause, type Staff, type Transition } from "../gen/onduty/v1/staff_pb.js";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { CALL, failureOf, type Api } from "./api.js";
import { instant, type ServerClock } from "./clock.js";
import { dialogStyles } from "./dialog_styles.js";
import { common, nameOf, shape, statusName, statusWord } from "./look.js";
import { reasonName } from "./menu_items.js";
import { say, timeOfDay } from "./words.js";

const CHANGES_MOST = 200;
const LINE_UNITS = 1000;
/** By number: a newer service may send one that this page does not know. */
const CAUSES: Record<number, string | undefined> = Cause;

export class HistoryDialog extends LitElement {
  static override properties = {
    api: { attribute: false },
    clock: { attribute: false },
    reasons: { attribute: false },
  };
  static override styles: CSSResultGroup = [
    common,
    dialogStyles,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 1rem;
        margin-bottom: 1rem;
      }
      .line {
        display: block;
        width: 100%;
        height: 1.8rem;
        border-radius: 8px;
        background: var(--sunken);
      }
      .line rect {
        fill: var(--status);
      }
      .line rect.offline {
        fill: none;
      }
      .scale {
        display: flex;
        justify-content: space-between;
        font-size: 0.8rem;
        margin: 0.25rem 0 1rem;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: max-content 1.2rem 1fr;
        gap: 0 0.7rem;
        padding: 0.5rem 0;
        border-top: 1px solid var(--line);
      }
      li .shape {
        color: var(--status);
        margin-top: 0.2rem;
      }
      small {
        display: block;
        color: var(--quiet);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare api: Api;
  declare clock: ServerClock;
  declare reasons: readonly BreakReason[];
  #staff: Staff | undefined;
  #changes: readonly Transition[] | undefined;
  #refusal = "";

  /** Show a person's day, to the present. */
  show(staff: Staff): void {
    this.#staff = staff;
    this.#changes = undefined;
    this.#refusal = "";
    this.requestUpdate();
    this.renderRoot.querySelector("dialog")?.showModal();
    void this.#read(staff);
  }

  override render(): TemplateResult {
    const name = this.#staff === undefined ? "" : nameOf(this.#staff);
    return html`<dialog aria-labelledby="title">
      <div class="head">
        <h2 id="title">${say("historyOf", { name })}</h2>
        <button type="button" @click=${this.#close}>${say("close")}</button>
      </div>
      ${this.#refusal === "" ? nothing : html`<p role="alert">${this.#refusal}</p>`}
      ${this.#changes === undefined ? nothing : this.#day(this.#changes)}
    </dialog>`;
  }

  #day(changes: readonly Transition[]): TemplateResult {
    if (changes.length === 0) return html`<p class="quiet">${say("historyNone")}</p>`;
    return html`${this.#line(changes)}
      <ol>
        ${changes.map((change) => this.#change(change))}
      </ol>`;
  }

  #line(newestFirst: readonly Transition[]): TemplateResult {
    const end = this.clock.now();
    const oldest = newestFirst[newestFirst.length - 1];
    const start = Math.min(oldest?.changedAt === undefined ? end : instant(oldest.changedAt), end - 60_000);
    const share = (at: number): number => (LINE_UNITS * (at - start)) / (end - start);
    let until = end;
    const parts = newestFirst.map((change) => {
      const from = change.changedAt === undefined ? start : instant(change.changedAt);
      const width = Math.max(share(until) - share(from), 1);
      until = from;
      return svg`<rect class=${statusName(change.status)} x=${share(from)} width=${width} height="1"/>`;
    });
    // Drawn, not styled: the pages' policy forbids styles of single elements.
    return html`<svg class="line" viewBox="0 0 ${LINE_UNITS} 1" preserveAspectRatio="none" aria-hidden="true">
        ${parts}
      </svg>
      <div class="scale quiet number"><span>${timeOfDay(start)}</span><span>${timeOfDay(end)}</span></div>`;
  }

  #change(change: Transition): TemplateResult {
    const cause = (CAUSES[change.cause] ?? "").toLowerCase().replaceAll("_", " ");
    const who = change.actor?.id ?? "";
    const why = [cause, who, change.callId, change.note].filter((text) => text !== "").join(" · ");
    return html`<li class=${statusName(change.status)}>
      <span class="number">${change.changedAt === undefined ? "" : timeOfDay(instant(change.changedAt), true)}</span>
      ${shape(change.status)}
      <span
        ><b>${statusWord(change.status, reasonName(change.breakReason, this.reasons))}</b><small>${why}</small></span
      >
    </li>`;
  }

  async #read(staff: Staff): Promise<void> {
    const midnight = new Date(this.clock.now()).setHours(0, 0, 0, 0);
    try {
      const filter = { staffIds: [staff.staffId], startsAt: timestampFromMs(midnight), statusChangesOnly: true };
      const answer = await this.api.history.listTransitions(
        { filter, pageSize: CHANGES_MOST, newestFirst: true },
        CALL,
      );
      this.#changes = answer.transitions;
    } catch (error) {
      this.#refusal = failureOf(error).rawMessage;
    }
    this.requestUpdate();
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
  };
}

customElements.define("onduty-history-dialog", HistoryDialog);
