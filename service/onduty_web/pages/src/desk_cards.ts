/** The cards of the desk: the present status with what can be done in it, an offer, and dialling out. They only draw. */
import { html, nothing, type TemplateResult } from "lit";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Direction, Status, type Call, type Staff } from "../gen/onduty/v1/staff_pb.js";
import { instant } from "./clock.js";
import { shape, statusName, statusWord, timeIn } from "./look.js";
import { reasonName, type Choice } from "./menu_items.js";
import { elapsed, left as remaining, say, timeOfDay } from "./words.js";

/** What the cards draw from. */
export interface DeskView {
  readonly staff: Staff;
  readonly reasons: readonly BreakReason[];
  readonly now: number;
  choose(choice: Choice): void;
  answer(accepts: boolean): void;
  dial(event: SubmitEvent): void;
}

/** The present status. */
export function statusCard(view: DeskView): TemplateResult {
  const { staff, reasons, now } = view;
  return html`<section class="card status ${statusName(staff.status)}" aria-label=${say("status")}>
    <div class="now">
      <span class="big-shape">${shape(staff.status)}</span>
      <div>
        <h1 class="status-word">${statusWord(staff.status, reasonName(staff.breakReason, reasons))}</h1>
        <p class="quiet">${situation(view)}</p>
      </div>
      <div class="time number" role="timer" aria-live="off">${elapsed(timeIn(staff, now))}</div>
    </div>
    ${staff.status === Status.AFTER_CALL_WORK ? wrapUp(view) : nothing}
    ${staff.status === Status.OFFLINE ? signIn(view) : nothing} ${staff.calls.length > 0 ? calls(staff, now) : nothing}
    ${staff.next === undefined ? nothing : next(view)}
  </section>`;
}

function situation({ staff, now }: DeskView): string {
  switch (staff.status) {
    case Status.AVAILABLE:
      if (staff.connection?.offlineAt !== undefined) return say("waitingGrace");
      if (staff.holdOffEndsAt !== undefined && instant(staff.holdOffEndsAt) > now)
        return say("holdOff", { length: remaining(instant(staff.holdOffEndsAt) - now) });
      return say("waiting");
    case Status.BUSY:
      return say("busyNow");
    case Status.ON_BREAK:
      if (staff.overdue) return say("breakOverdue");
      return staff.breakEndsAt === undefined
        ? say("breakHint")
        : say("breakUntil", { time: timeOfDay(instant(staff.breakEndsAt)) });
    case Status.IN_LINE:
      return say("inCall");
    case Status.AFTER_CALL_WORK:
      return wrapUpWords(staff);
    default:
      return say("signInHint");
  }
}

function wrapUpWords(staff: Staff): string {
  const { endsAt, cappedAt } = staff.wrapUp ?? {};
  if (endsAt !== undefined) return "";
  return cappedAt === undefined ? say("openEnded") : say("endsAtLatest", { time: timeOfDay(instant(cappedAt)) });
}

function wrapUp(view: DeskView): TemplateResult {
  const { startedAt, endsAt } = view.staff.wrapUp ?? {};
  const left = endsAt === undefined ? 0 : Math.max(0, instant(endsAt) - view.now);
  const whole = endsAt === undefined || startedAt === undefined ? 1 : instant(endsAt) - instant(startedAt);
  return html`${
      endsAt === undefined
        ? nothing
        : html`<div class="countdown">
            <progress max=${whole} value=${left} aria-label=${say("acw")}></progress>
            <span class="number" id="countdown" role="timer" aria-live="off"
              ><b>${remaining(Math.min(left, whole))}</b> ${say("secondsLeft")}</span
            >
          </div>`
    }
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="reception"
        @click=${() => {
          view.choose({ kind: "reception" });
        }}
      >
        ${say("backToReception")}
      </button>
      <button
        type="button"
        id="continue"
        aria-disabled=${endsAt === undefined ? "true" : nothing}
        title=${endsAt === undefined ? say("countdownStopped") : nothing}
        @click=${() => {
          if (endsAt !== undefined) view.choose({ kind: "continue" });
        }}
      >
        ${say("continueAcw")}
      </button>
    </div>`;
}

function signIn(view: DeskView): TemplateResult {
  return html`<div class="actions">
    <button
      class="primary"
      type="button"
      id="become-available"
      @click=${() => {
        view.choose({ kind: "status", status: Status.AVAILABLE, reason: "" });
      }}
    >
      ${say("becomeAvailable")}
    </button>
  </div>`;
}

function next(view: DeskView): TemplateResult {
  const { next: chosen } = view.staff;
  const word = statusWord(chosen?.status ?? Status.UNSPECIFIED, reasonName(chosen?.breakReason ?? "", view.reasons));
  return html`<div class="next">
    <span>${say("afterwardsSet", { status: word })}</span>
    <button
      type="button"
      @click=${() => {
        view.choose({ kind: "clear-next" });
      }}
    >
      ${say("takeBack")}
    </button>
  </div>`;
}

function calls(staff: Staff, now: number): TemplateResult {
  return html`<ul class="calls" aria-label=${say("calls")}>
    ${staff.calls.map(
      (call) =>
        html`<li>
          <b>${call.callId}</b><span class="tag">${directionWord(call.direction)}</span>${
            call.onHold ? html`<span class="tag">${say("onHold")}</span>` : nothing
          }<span class="number quiet">${sinceOf(call, now)}</span>
        </li>`,
    )}
  </ul>`;
}

function sinceOf(call: Call, now: number): string {
  return call.startedAt === undefined ? "" : elapsed(now - instant(call.startedAt));
}

/** A call's direction in words. */
export function directionWord(direction: Direction): string {
  switch (direction) {
    case Direction.OUTBOUND:
      return say("outbound");
    case Direction.INTERNAL:
      return say("internal");
    case Direction.TRANSFER:
      return say("transfer");
    default:
      return say("inbound");
  }
}

/** The call that is on offer. */
export function offerCard(view: DeskView): TemplateResult | typeof nothing {
  const { offer } = view.staff;
  if (offer === undefined) return nothing;
  const left = offer.expiresAt === undefined ? 0 : Math.max(0, instant(offer.expiresAt) - view.now);
  const whole =
    offer.expiresAt === undefined || offer.offeredAt === undefined
      ? 1
      : instant(offer.expiresAt) - instant(offer.offeredAt);
  return html`<section class="card offer" aria-labelledby="offer-title">
    <div class="ring" aria-hidden="true">
      <svg viewBox="0 0 24 24">
        <path
          d="M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1 11.4 11.4 0 0 0 .57 3.6 1 1 0 0 1-.25 1z"
          fill="currentColor"
        />
      </svg>
    </div>
    <div class="offer-text">
      <h2 id="offer-title" role="alert">${say("offerTitle")}</h2>
      <p>${say("offerFrom", { call: offer.callId, direction: directionWord(offer.direction) })}</p>
    </div>
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="accept"
        @click=${() => {
          view.answer(true);
        }}
      >
        ${say("accept")}
      </button>
      <button
        type="button"
        id="decline"
        @click=${() => {
          view.answer(false);
        }}
      >
        ${say("decline")} <span class="number quiet">${remaining(Math.min(left, whole))}</span>
      </button>
    </div>
    <progress max=${whole} value=${left} aria-label=${say("offerTitle")}></progress>
  </section>`;
}

/** Dialling out by hand. */
export function dialCard(view: DeskView): TemplateResult {
  const { staff } = view;
  const may = staff.capabilities?.dialOut === true;
  const why = may ? "" : say("dialNotNow", { status: statusWord(staff.status) });
  return html`<section class="card dial" aria-labelledby="dial-title">
    <h2 id="dial-title">${say("dialOut")}</h2>
    <form
      @submit=${(event: SubmitEvent) => {
        view.dial(event);
      }}
    >
      <label class="visually-hidden" for="number">${say("dialHint")}</label>
      <input
        id="number"
        name="number"
        maxlength="128"
        autocomplete="off"
        placeholder=${say("dialHint")}
        ?disabled=${!may}
        required
      />
      <button type="submit" ?disabled=${!may} aria-describedby=${may ? nothing : "dial-why"}>${say("dial")}</button>
    </form>
    ${may ? nothing : html`<p class="quiet" id="dial-why">${why}</p>`}
  </section>`;
}
