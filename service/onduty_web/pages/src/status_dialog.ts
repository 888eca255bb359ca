/** Asks a supervisor for a status and the reason why; it carries nothing out. */
import { css, html, LitElement, type CSSResultGroup, type TemplateResult } from "lit";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Status } from "../gen/onduty/v1/staff_pb.js";
import { dialogStyles } from "./dialog_styles.js";
import { common } from "./look.js";
import { say } from "./words.js";

const CHOICES = [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK, Status.OFFLINE];

/** What was asked for. */
export interface Forced {
  readonly status: Status;
  readonly reason: string;
  readonly note: string;
  readonly immediately: boolean;
}

export class StatusDialog extends LitElement {
  static override properties = { reasons: { attribute: false } };
  static override styles: CSSResultGroup = [
    common,
    dialogStyles,
    css`
      form {
        display: grid;
        gap: 0.9rem;
      }
      label.field {
        display: grid;
        gap: 0.3rem;
        font-weight: 600;
      }
      label.check {
        display: flex;
        gap: 0.5rem;
        align-items: center;
      }
    `,
  ];

  declare reasons: readonly BreakReason[];
  #count = 0;

  constructor() {
    super();
    this.reasons = [];
  }

  /** Ask, for so many people. */
  show(count: number): void {
    this.#count = count;
    this.requestUpdate();
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override render(): TemplateResult {
    const choice = (status: Status, label: string, reason = ""): TemplateResult =>
      html`<option value=${`${status}/${reason}`}>${label}</option>`;
    return html`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.#submit}>
        <h2 id="title">${say("setStatus")} · ${say("selected", { count: this.#count })}</h2>
        <label class="field"
          >${say("status")}<select name="choice">
            ${choice(Status.AVAILABLE, say("available"))} ${choice(Status.BUSY, say("busy"))}
            ${this.reasons.map((reason) => choice(Status.ON_BREAK, `${say("onBreak")}: ${reason.displayName}`, reason.code))}
            ${choice(Status.OFFLINE, say("offline"))}
          </select></label
        >
        <label class="field">${say("note")}<textarea name="note" rows="2" maxlength="1000" required></textarea></label>
        <label class="check"><input type="checkbox" name="immediately" />${say("immediately")}</label>
        <div class="actions">
          <button type="button" @click=${this.#close}>${say("cancel")}</button>
          <button type="submit" class="primary" id="apply">${say("apply")}</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector("dialog")?.close();
  };

  readonly #submit = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    const [status, reason] = text("choice").split("/");
    const forced: Forced = {
      status: CHOICES.find((choice) => String(choice) === status) ?? Status.UNSPECIFIED,
      reason: reason ?? "",
      note: text("note"),
      immediately: fields.get("immediately") !== null,
    };
    this.dispatchEvent(new CustomEvent("forced", { detail: forced }));
    form.reset();
  };
}

customElements.define("onduty-status-dialog", StatusDialog);
