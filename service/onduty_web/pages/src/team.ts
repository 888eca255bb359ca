/** The supervisor's table: find, sort, select, set a status with a note, reset, and the history of a person. */
import { Code, type ConnectError } from "@connectrpc/connect";
import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import "./history_dialog.js";
import "./sign_in.js";
import "./status_dialog.js";
import "./theme.js";
import "./toasts.js";
import "./top_bar.js";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Status, type Staff } from "../gen/onduty/v1/staff_pb.js";
import { CALL, connect, failureOf, needsCredential, requestId } from "./api.js";
import { everySecond, instant, ServerClock } from "./clock.js";
import { Floor } from "./floor.js";
import type { HistoryDialog } from "./history_dialog.js";
import { common, nameOf, shape, statusName, statusWord, timeIn } from "./look.js";
import { reasonName } from "./menu_items.js";
import { soon } from "./soon.js";
import type { Forced, StatusDialog } from "./status_dialog.js";
import { teamStyles } from "./team_styles.js";
import { turnTheme } from "./theme.js";
import type { Toasts } from "./toasts.js";
import { elapsed, say } from "./words.js";

type Column = "person" | "status" | "inStatus" | "groups";

const COLUMNS: readonly Column[] = ["person", "status", "inStatus", "groups"];

export class Team extends LitElement {
  static override styles: CSSResultGroup = [common, teamStyles];

  readonly #api = connect();
  readonly #clock = new ServerClock();
  readonly #soon = soon(() => {
    this.requestUpdate();
  });
  #floor: Floor | undefined;
  #stopTicking: (() => void) | undefined;
  #reasons: readonly BreakReason[] = [];
  #selected = new Set<string>();
  #sort: { by: Column; descends: boolean } = { by: "person", descends: false };
  #search = "";
  #group = "";
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
    return html`<onduty-top-bar
        .page=${"team"}
        .freshness=${this.#floor?.freshness ?? "connecting"}
        .age=${this.#floor?.age ?? 0}
      >
        <button type="button" @click=${turnTheme}>${say("theme")}</button>
      </onduty-top-bar>
      ${
        this.#asks
          ? html`<onduty-sign-in .asks=${true} .refusal=${this.#refusal} @signed-in=${this.#watch}></onduty-sign-in>`
          : this.#content()
      }
      <onduty-status-dialog
        .reasons=${this.#reasons}
        @forced=${(event: CustomEvent<Forced>) => void this.#force(event.detail)}
      ></onduty-status-dialog>
      <onduty-history-dialog .api=${this.#api} .clock=${this.#clock} .reasons=${this.#reasons}></onduty-history-dialog>
      <onduty-toasts></onduty-toasts>`;
  }

  #content(): TemplateResult | typeof nothing {
    if (this.#floor?.isComplete !== true) return nothing;
    const everybody = this.#floor.all();
    const shown = this.#ordered(everybody.filter((staff) => this.#matches(staff)));
    const isOld = this.#floor.freshness === "stale" || this.#floor.freshness === "ended";
    return html`<main class=${isOld ? "old" : ""}>
      <h1 class="visually-hidden">${say("team")}</h1>
      ${isOld ? html`<p class="notice" role="alert">${say("staleBanner", { age: elapsed(this.#floor.age) })}</p>` : nothing}
      ${this.#tools(everybody)} ${this.#table(shown)}
    </main>`;
  }

  #tools(everybody: readonly Staff[]): TemplateResult {
    const groups = [...new Set(everybody.flatMap((staff) => staff.skillGroups.map(({ name }) => name)))].sort();
    const { size } = this.#selected;
    return html`<div class="tools">
      <label class="visually-hidden" for="search">${say("search")}</label>
      <input
        id="search"
        type="search"
        placeholder=${say("search")}
        @input=${(event: Event) => {
          this.#search = (event.target as HTMLInputElement).value;
          this.requestUpdate();
        }}
      />
      <label class="visually-hidden" for="group">${say("group")}</label>
      <select
        id="group"
        @change=${(event: Event) => {
          this.#group = (event.target as HTMLSelectElement).value;
          this.requestUpdate();
        }}
      >
        <option value="">${say("filterAll")}</option>
        ${groups.map((name) => html`<option value=${name}>${name} (${everybody.filter((staff) => isIn(staff, name)).length})</option>`)}
      </select>
      <div class="actions">
        <span class="quiet number" role="status">${size > 0 ? say("selected", { count: size }) : nothing}</span>
        <button type="button" id="set-status" class="primary" ?disabled=${size === 0} @click=${this.#openStatus}>
          ${say("setStatus")}
        </button>
        <button type="button" id="reset" ?disabled=${size === 0} title=${say("resetHint")} @click=${this.#reset}>
          ${say("reset")}
        </button>
      </div>
    </div>`;
  }

  #table(shown: readonly Staff[]): TemplateResult {
    const all = shown.length > 0 && shown.every(({ staffId }) => this.#selected.has(staffId));
    return html`<div class="card scrolls" tabindex="0" role="region" aria-label=${say("team")}>
      <table>
        <thead>
          <tr>
            <th class="check">
              <input
                type="checkbox"
                aria-label=${say("select", { name: say("everybody") })}
                .checked=${all}
                @change=${() => {
                  this.#select(all ? [] : shown.map(({ staffId }) => staffId));
                }}
              />
            </th>
            ${COLUMNS.map((column) => this.#heading(column))}
            <th><span class="visually-hidden">${say("history")}</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            shown,
            ({ staffId }) => staffId,
            (staff) => this.#row(staff),
          )}
        </tbody>
      </table>
    </div>`;
  }

  #heading(column: Column): TemplateResult {
    const { by, descends } = this.#sort;
    const sorted = by !== column ? "none" : descends ? "descending" : "ascending";
    const mark = by !== column ? "" : descends ? "▼" : "▲";
    return html`<th aria-sort=${sorted} scope="col">
      <button
        type="button"
        class="sort"
        @click=${() => {
          this.#sort = { by: column, descends: by === column && !descends };
          this.requestUpdate();
        }}
      >
        ${say(column)} <span aria-hidden="true">${mark}</span>
      </button>
    </th>`;
  }

  #row(staff: Staff): TemplateResult {
    const name = nameOf(staff);
    const isSelected = this.#selected.has(staff.staffId);
    const call = staff.calls[0];
    return html`<tr class="${statusName(staff.status)} ${isSelected ? "selected" : ""}" data-staff=${staff.staffId}>
      <td class="check">
        <input
          type="checkbox"
          aria-label=${say("select", { name })}
          .checked=${isSelected}
          @change=${() => {
            this.#turn(staff.staffId);
          }}
        />
      </td>
      <th scope="row">${name}<small class="quiet">${staff.staffId}</small></th>
      <td>
        <span class="status"
          >${shape(staff.status)}<span class="status-word"
            >${statusWord(staff.status, reasonName(staff.breakReason, this.#reasons))}</span
          ></span
        >
        ${call === undefined ? nothing : html`<small class="quiet">${call.callId}</small>`}
        ${
          staff.next === undefined
            ? nothing
            : html`<small class="quiet"
                >${say("next")}:
                ${statusWord(staff.next.status, reasonName(staff.next.breakReason, this.#reasons))}</small
              >`
        }
      </td>
      <td class="number">
        ${elapsed(timeIn(staff, this.#clock.now()))}${staff.overdue ? html` <span class="overdue">▲ ${say("breakOverdue")}</span>` : nothing}
      </td>
      <td>
        ${staff.skillGroups.map((group) => html`<span class="tag">${group.name}${group.level > 0 ? ` ${group.level}` : ""}</span>`)}
      </td>
      <td class="last">
        <button
          type="button"
          class="small"
          aria-label=${say("historyOf", { name })}
          @click=${() => {
            this.renderRoot.querySelector<HistoryDialog>("onduty-history-dialog")?.show(staff);
          }}
        >
          ${say("history")}
        </button>
      </td>
    </tr>`;
  }

  #matches(staff: Staff): boolean {
    const sought = this.#search.trim().toLocaleLowerCase();
    const isFound = `${staff.displayName} ${staff.staffId}`.toLocaleLowerCase().includes(sought);
    return isFound && (this.#group === "" || isIn(staff, this.#group));
  }

  #ordered(staff: Staff[]): Staff[] {
    const { by, descends } = this.#sort;
    const sign = descends ? -1 : 1;
    const byName = (one: Staff, other: Staff): number =>
      nameOf(one).localeCompare(nameOf(other)) || (one.staffId < other.staffId ? -1 : 1);
    return staff.sort((one, other) => sign * COMPARE[by](one, other) || byName(one, other));
  }

  #turn(staffId: string): void {
    const selected = new Set(this.#selected);
    if (!selected.delete(staffId)) selected.add(staffId);
    this.#select(selected);
  }

  #select(staffIds: Iterable<string>): void {
    this.#selected = new Set(staffIds);
    this.requestUpdate();
  }

  readonly #openStatus = (): void => {
    this.renderRoot.querySelector<StatusDialog>("onduty-status-dialog")?.show(this.#selected.size);
  };

  async #force({ status, reason, note, immediately }: Forced): Promise<void> {
    const staffIds = [...this.#selected];
    const requests = staffIds.map((staffId) => ({
      staffId,
      note,
      immediately,
      choice: { status, breakReason: reason },
    }));
    try {
      const { results } = await this.#api.supervisor.batchForceStatus({ requests, requestId: requestId() }, CALL);
      const done = results.flatMap(({ result }, place) => {
        const name = this.#nameOf(staffIds[place] ?? "");
        if (result.case === "error") this.#toasts?.add(say("refused", { name, reason: result.value.message }), true);
        return result.case === "taken" ? say("done", { name, status: statusWord(result.value.status) }) : [];
      });
      if (done.length > 0) this.#toasts?.add(done.join(" · "));
      this.#select([]);
    } catch (error) {
      this.#toasts?.add(failureOf(error).rawMessage, true);
    }
  }

  readonly #reset = async (): Promise<void> => {
    for (const staffId of this.#selected) {
      const name = this.#nameOf(staffId);
      try {
        const { staff } = await this.#api.supervisor.resetStaff({ staffId, requestId: requestId() }, CALL);
        if (staff !== undefined) this.#toasts?.add(say("done", { name, status: statusWord(staff.status) }));
      } catch (error) {
        this.#toasts?.add(say("refused", { name, reason: failureOf(error).rawMessage }), true);
      }
    }
    this.#select([]);
  };

  #nameOf(staffId: string): string {
    const staff = this.#floor?.staff.get(staffId);
    return staff === undefined ? staffId : nameOf(staff);
  }

  get #toasts(): Toasts | null {
    return this.renderRoot.querySelector<Toasts>("onduty-toasts");
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
    this.#reasons = (await this.#api.workspace.listBreakReasons({ pageSize: 1000 }, CALL)).breakReasons;
    this.requestUpdate();
  }
}

const since = (staff: Staff): number => (staff.statusStartedAt === undefined ? 0 : instant(staff.statusStartedAt));
const groupsOf = (staff: Staff): string => staff.skillGroups.map(({ name }) => name).join();

const COMPARE: Record<Column, (one: Staff, other: Staff) => number> = {
  person: (one, other) => nameOf(one).localeCompare(nameOf(other)),
  status: (one, other) => rank(one.status) - rank(other.status),
  inStatus: (one, other) => since(one) - since(other),
  groups: (one, other) => groupsOf(one).localeCompare(groupsOf(other)),
};

function rank(status: Status): number {
  return status === Status.OFFLINE ? 99 : status;
}

function isIn(staff: Staff, group: string): boolean {
  return staff.skillGroups.some(({ name }) => name === group);
}

customElements.define("onduty-team", Team);
