/** The wallboard: counts, and everybody with the time in the status. It says at every moment how old is what it shows. */
import { Code, type ConnectError } from "@connectrpc/connect";
import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";

import "./sign_in.js";
import "./top_bar.js";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Status, type Staff } from "../gen/onduty/v1/staff_pb.js";
import { CALL, connect, needsCredential } from "./api.js";
import { settingsOf, withSetting, type BoardSettings } from "./board_settings.js";
import { boardStyles } from "./board_styles.js";
import { everySecond, instant, ServerClock } from "./clock.js";
import { Floor } from "./floor.js";
import { common, nameOf, shape, statusName, statusWord, timeIn } from "./look.js";
import { reasonName } from "./menu_items.js";
import { soon } from "./soon.js";
import { turnTheme } from "./theme.js";
import { levelOf } from "./thresholds.js";
import type { Freshness } from "./top_bar.js";
import { elapsed, left, say } from "./words.js";

/** In the order of the counts. */
const STATUSES = [
  Status.AVAILABLE,
  Status.IN_LINE,
  Status.AFTER_CALL_WORK,
  Status.BUSY,
  Status.ON_BREAK,
  Status.OFFLINE,
] as const;

/** What is frozen while the board is paused. */
interface Picture {
  readonly staff: readonly Staff[];
  readonly at: number;
}

export class Board extends LitElement {
  static override styles: CSSResultGroup = [common, boardStyles];

  readonly #api = connect();
  readonly #clock = new ServerClock();
  readonly #soon = soon(() => {
    this.requestUpdate();
  });
  #floor: Floor | undefined;
  #stopTicking: (() => void) | undefined;
  #settings: BoardSettings = settingsOf(location.search);
  #reasons: readonly BreakReason[] = [];
  #paused: Picture | undefined;
  #asks = false;
  #refusal = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTicking = everySecond(this.#clock, () => {
      this.requestUpdate();
    });
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTicking?.();
    this.#floor?.stop();
  }

  override render(): TemplateResult {
    const fresh = this.#freshness;
    return html`<onduty-top-bar .page=${"board"} .freshness=${fresh} .age=${this.#floor?.age ?? 0}>
        ${this.#paused === undefined ? nothing : html`<span class="paused" role="status">${say("paused")}</span>`}
        <button type="button" id="pause" @click=${this.#pause}>
          ${say(this.#paused === undefined ? "pause" : "resume")}
        </button>
        <button type="button" class="wide" @click=${this.#fill}>${say("fullScreen")}</button>
        <button type="button" class="wide" @click=${turnTheme}>${say("theme")}</button>
      </onduty-top-bar>
      ${this.#asks ? this.#signIn() : this.#content(fresh)}`;
  }

  get #freshness(): Freshness {
    return this.#floor?.freshness ?? "connecting";
  }

  #signIn(): TemplateResult {
    return html`<onduty-sign-in .asks=${true} .refusal=${this.#refusal} @signed-in=${this.#watch}></onduty-sign-in>`;
  }

  #content(fresh: Freshness): TemplateResult | typeof nothing {
    if (this.#floor?.isComplete !== true) return nothing;
    const now = this.#paused?.at ?? this.#clock.now();
    const everybody = this.#paused?.staff ?? this.#floor.all();
    const { group, showsOffline } = this.#settings;
    const members = everybody.filter((staff) => group === "" || staff.skillGroups.some(({ name }) => name === group));
    const shown = members.filter((staff) => showsOffline || staff.status !== Status.OFFLINE).sort(byUrgency);
    const isOld = fresh === "stale" || fresh === "ended";
    return html`<main class=${isOld ? "old" : fresh}>
      <h1 class="visually-hidden">${say("board")}</h1>
      ${isOld ? html`<p class="banner" role="alert">${say("staleBanner", { age: elapsed(this.#floor.age) })}</p>` : nothing}
      <ul class="counts" aria-label=${say("total")}>
        ${STATUSES.map((status) => this.#count(status, members))}
      </ul>
      ${this.#filters(everybody)}
      <ul class="tiles ${this.#settings.rows ? "rows" : ""}" aria-label=${say("everybody")}>
        ${repeat(
          shown,
          ({ staffId }) => staffId,
          // Of several hundred tiles most are as they were: a tile is drawn anew with its person, and every second.
          (staff) =>
            guard([staff, Math.floor(timeIn(staff, now) / 1000), this.#settings, this.#reasons], () =>
              this.#tile(staff, now),
            ),
        )}
      </ul>
    </main>`;
  }

  #count(status: Status, members: readonly Staff[]): TemplateResult {
    const count = members.filter((staff) => staff.status === status).length;
    const percent = members.length === 0 ? 0 : Math.round((100 * count) / members.length);
    return html`<li class=${statusName(status)} data-status=${statusName(status)}>
      <span class="count number">${count}</span>
      <span class="word">${shape(status)} ${statusWord(status)}</span>
      <span class="quiet number">${percent} %</span>
    </li>`;
  }

  #filters(everybody: readonly Staff[]): TemplateResult {
    const groups = [...new Set(everybody.flatMap((staff) => staff.skillGroups.map(({ name }) => name)))].sort();
    return html`<form
      class="filters"
      @change=${this.#setGroup}
      @submit=${(event: Event) => {
        event.preventDefault();
      }}
    >
      <label
        >${say("group")}
        <select name="group">
          <option value="">${say("filterAll")}</option>
          ${groups.map((name) => html`<option value=${name} ?selected=${name === this.#settings.group}>${name}</option>`)}
        </select></label
      >
      <label
        ><input type="checkbox" name="offline" ?checked=${this.#settings.showsOffline} />${say("showOffline")}</label
      >
    </form>`;
  }

  #tile(staff: Staff, now: number): TemplateResult {
    const level = levelOf(staff, this.#settings, now);
    const more = moreOf(staff, now);
    return html`<li class="tile ${statusName(staff.status)} ${level}" data-staff=${staff.staffId}>
      <span class="icon">${shape(staff.status)}</span>
      <b class="name">${nameOf(staff)}</b>
      <span class="time number">${elapsed(timeIn(staff, now))}</span>
      <span class="word ${more === "" ? "alone" : ""}"
        >${statusWord(staff.status, reasonName(staff.breakReason, this.#reasons))}</span
      >
      ${more === "" ? nothing : html`<span class="more number">${more}</span>`}
      ${level === "over" ? html`<span class="flag">▲<span class="visually-hidden">${say("breakOverdue")}</span></span>` : nothing}
    </li>`;
  }

  readonly #watch = (): void => {
    this.#asks = false;
    this.#floor?.stop();
    this.#floor = new Floor(this.#api, {
      changed: this.#soon,
      live: () => {
        void this.#clock.set(this.#api).catch(() => undefined);
        void this.#readReasons().catch(() => undefined);
      },
      ended: (error: ConnectError) => {
        this.#asks = needsCredential(error) || error.code === Code.PermissionDenied;
        this.#refusal = needsCredential(error) ? "" : say("notAllowed");
        this.requestUpdate();
      },
    });
    this.requestUpdate();
  };

  async #readReasons(): Promise<void> {
    const request = { pageSize: 1000, includeDisabled: true };
    this.#reasons = (await this.#api.workspace.listBreakReasons(request, CALL)).breakReasons;
    this.requestUpdate();
  }

  readonly #pause = (): void => {
    this.#paused = this.#paused === undefined ? { staff: this.#floor?.all() ?? [], at: this.#clock.now() } : undefined;
    this.requestUpdate();
  };

  readonly #fill = (): void => {
    void (document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen());
  };

  readonly #setGroup = (event: Event): void => {
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const group = form.get("group");
    let address = withSetting(location.href, "group", typeof group === "string" ? group : "");
    address = withSetting(address, "offline", form.get("offline") === null ? "" : "1");
    history.replaceState(null, "", address);
    this.#settings = settingsOf(location.search);
    this.requestUpdate();
  };
}

/** What is left of the wrap-up, or the call that is on offer or in progress. */
function moreOf(staff: Staff, now: number): string {
  const ends = staff.wrapUp?.endsAt;
  if (staff.status === Status.AFTER_CALL_WORK && ends !== undefined) return `−${left(instant(ends) - now)}`;
  return staff.offer === undefined ? (staff.calls[0]?.callId ?? "") : `☎ ${staff.offer.callId}`;
}

/** By status, and within it who has been longest in it; the order is steady. */
function byUrgency(one: Staff, other: Staff): number {
  const ranks = STATUSES as readonly Status[];
  const byStatus = ranks.indexOf(one.status) - ranks.indexOf(other.status);
  if (byStatus !== 0) return byStatus;
  const [a, b] = [one, other].map(({ statusStartedAt }) =>
    statusStartedAt === undefined ? 0 : instant(statusStartedAt),
  );
  return (a ?? 0) - (b ?? 0) || (one.staffId < other.staffId ? -1 : 1);
}

customElements.define("onduty-board", Board);
