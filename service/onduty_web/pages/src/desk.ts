/** The page of one staff member: the status and its menu, offers, calls, the wrap-up's countdown, colleagues. */
import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from "lit";

import "./colleagues.js";
import "./sign_in.js";
import "./status_menu.js";
import "./toasts.js";
import "./theme.js";
import "./top_bar.js";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import type { Staff } from "../gen/onduty/v1/staff_pb.js";
import { Code, type ConnectError } from "@connectrpc/connect";
import { CALL, connect, failureOf, needsCredential, requestId } from "./api.js";
import { SharedAttachment } from "./attachment.js";
import { everySecond, ServerClock } from "./clock.js";
import { dialCard, offerCard, statusCard, type DeskView } from "./desk_cards.js";
import { deskStyles } from "./desk_styles.js";
import type { Liveness } from "./follow.js";
import { common, nameOf, statusWord } from "./look.js";
import { reasonName, type Choice } from "./menu_items.js";
import { agreeToRing, mayRing, Ringing } from "./ringing.js";
import type { PersonEvent } from "./sign_in.js";
import type { ChooseEvent } from "./status_menu.js";
import type { Toasts } from "./toasts.js";
import type { Freshness } from "./top_bar.js";
import { elapsed, say } from "./words.js";
import { carryOut } from "./workspace_calls.js";

const PERSON = "staff";

export class Desk extends LitElement {
  static override styles: CSSResultGroup = [common, deskStyles];

  readonly #api = connect();
  readonly #clock = new ServerClock();
  readonly #ringing = new Ringing();
  #stopTicking: (() => void) | undefined;
  #staffId = new URLSearchParams(location.search).get(PERSON) ?? "";
  #people: Staff[] | undefined;
  #asks = false;
  #refusal = "";
  #attachment: SharedAttachment | undefined;
  #staff: Staff | undefined;
  #reasons: BreakReason[] = [];
  #liveness: Liveness = "connecting";
  #ending = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTicking = everySecond(this.#clock, () => {
      this.requestUpdate();
    });
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTicking?.();
    this.#leave();
  }

  override render(): TemplateResult {
    return html`<onduty-top-bar
        .page=${"desk"}
        .freshness=${this.#attachment === undefined ? undefined : this.#freshness}
        .age=${this.#attachment?.age ?? 0}
      >
        ${
          this.#staff === undefined
            ? nothing
            : html`<onduty-status-menu
                .staff=${this.#staff}
                .reasons=${this.#reasons}
                .now=${this.#clock.now()}
                @menu-open=${this.#readReasons}
                @choose=${(event: ChooseEvent) => void this.#choose(event.detail)}
              ></onduty-status-menu>`
        }
      </onduty-top-bar>
      <main>${this.#content()}</main>
      <onduty-toasts></onduty-toasts>`;
  }

  #content(): TemplateResult | typeof nothing {
    if (this.#asks || (this.#staffId === "" && this.#people !== undefined))
      return html`<onduty-sign-in
        .people=${this.#people ?? []}
        .asks=${this.#asks}
        .refusal=${this.#refusal}
        @person=${(event: PersonEvent) => {
          this.#use(event.detail);
        }}
        @signed-in=${() => void this.#begin()}
      ></onduty-sign-in>`;
    if (this.#staff === undefined) return this.#ending === "" ? nothing : this.#ended();
    const view: DeskView = {
      staff: this.#staff,
      reasons: this.#reasons,
      now: this.#clock.now(),
      choose: (choice) => void this.#choose(choice),
      answer: (accepts) => void this.#answer(accepts),
      dial: (event) => void this.#dial(event),
    };
    return html`${this.#notice()}
      <div class="columns ${this.#freshness === "live" ? "" : "old"}">
        <div class="column">${offerCard(view)} ${statusCard(view)} ${dialCard(view)}</div>
        <div class="column">
          <onduty-colleagues .api=${this.#api} .staffId=${this.#staffId} .now=${this.#clock.now()}></onduty-colleagues>
          <section class="card settings">
            <label><input type="checkbox" ?checked=${mayRing()} @change=${this.#agree} />${say("sound")}</label>
            <button type="button" @click=${this.#changePerson}>${say("signOutPage")}</button>
          </section>
        </div>
      </div>`;
  }

  #notice(): TemplateResult | typeof nothing {
    if (this.#ending !== "") return this.#ended();
    if (this.#freshness === "live" || this.#freshness === "connecting") return nothing;
    return html`<p class="notice" role="status">${say("deskStale", { age: elapsed(this.#attachment?.age ?? 0) })}</p>`;
  }

  #ended(): TemplateResult {
    return html`<p class="notice" role="alert">
      ${this.#ending} <button type="button" @click=${this.#attachAgain}>${say("takeHere")}</button>
      <button type="button" @click=${this.#changePerson}>${say("signOutPage")}</button>
    </p>`;
  }

  get #freshness(): Freshness {
    if (this.#liveness === "live" && this.#attachment?.isSilent === true) return "stale";
    return this.#liveness;
  }

  async #begin(): Promise<void> {
    try {
      const me = await this.#api.server.whoAmI({}, CALL);
      this.#asks = false;
      if (this.#staffId === "" && me.staffIds.length === 1) this.#staffId = me.staffIds[0] ?? "";
      if (this.#staffId === "") {
        this.#people = (await this.#api.router.listStaff({ pageSize: 1000 }, CALL)).staff;
        this.requestUpdate();
        return;
      }
    } catch (error) {
      this.#failedToBegin(failureOf(error));
      return;
    }
    this.#attach();
  }

  #failedToBegin(error: ConnectError): void {
    this.#asks = needsCredential(error) || this.#staffId === "";
    this.#refusal = this.#asks && !needsCredential(error) ? error.rawMessage : "";
    this.requestUpdate();
    if (!this.#asks) this.#attach();
  }

  #attach(): void {
    this.#ending = "";
    this.#attachment?.close();
    this.#attachment = new SharedAttachment(this.#api, this.#staffId, {
      staff: (staff) => {
        this.#show(staff);
      },
      left: () => {
        this.#ending = say("gone");
        this.#staff = undefined;
        this.requestUpdate();
      },
      liveness: (liveness, error) => {
        this.#changed(liveness, error);
      },
    });
    this.#readReasons();
    this.requestUpdate();
  }

  #changed(liveness: Liveness, error: ConnectError | undefined): void {
    if (liveness === "live" && this.#liveness !== "live") {
      void this.#clock.set(this.#api).catch(() => undefined);
      this.#readReasons();
    }
    this.#liveness = liveness;
    if (liveness === "ended" && error !== undefined) {
      this.#asks = needsCredential(error);
      this.#ending = this.#asks ? "" : error.code === Code.Aborted ? say("replaced") : error.rawMessage;
    }
    this.requestUpdate();
  }

  #show(staff: Staff): void {
    if (this.#staff !== undefined && staff.revision < this.#staff.revision && staff.personId === this.#staff.personId)
      return;
    this.#staff = staff;
    if (staff.offer === undefined) this.#ringing.stop();
    else this.#ringing.start(say("offerTitle"));
    this.requestUpdate();
  }

  readonly #readReasons = (): void => {
    void this.#api.workspace
      .listBreakReasons({ pageSize: 1000 }, CALL)
      .then(({ breakReasons }) => {
        this.#reasons = breakReasons;
        this.requestUpdate();
      })
      .catch(() => undefined); // those that are known stay; the stream says whether the service is there.
  };

  async #choose(choice: Choice): Promise<void> {
    await this.#ask(async () => ({ staff: await carryOut(this.#api, this.#staffId, choice) }));
  }

  async #answer(accepts: boolean): Promise<void> {
    const claimId = this.#staff?.offer?.claimId;
    if (claimId === undefined) return;
    const request = { staffId: this.#staffId, claimId, requestId: requestId() };
    const { workspace } = this.#api;
    await this.#ask(() => (accepts ? workspace.acceptOffer(request, CALL) : workspace.declineOffer(request, CALL)));
  }

  async #dial(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const number = new FormData(form).get("number");
    if (typeof number !== "string" || number.trim() === "") return;
    const request = { staffId: this.#staffId, callId: number.trim(), requestId: requestId() };
    if (await this.#ask(() => this.#api.workspace.placeCall(request, CALL))) form.reset();
  }

  /** Ask the service, and say what came of it: the state, or its refusal in its own words. */
  async #ask(call: () => Promise<{ staff?: Staff | undefined }>): Promise<boolean> {
    const before = this.#staff?.status;
    try {
      const { staff } = await call();
      if (staff !== undefined) {
        this.#show(staff);
        const word = statusWord(staff.status, reasonName(staff.breakReason, this.#reasons));
        if (staff.status !== before) this.#toasts?.add(say("youAre", { status: word }));
      }
      return true;
    } catch (error) {
      this.#toasts?.add(failureOf(error).rawMessage, true);
      return false;
    }
  }

  get #toasts(): Toasts | null {
    return this.renderRoot.querySelector<Toasts>("onduty-toasts");
  }

  #use(staffId: string): void {
    this.#staffId = staffId;
    const address = new URL(location.href);
    address.searchParams.set(PERSON, staffId);
    history.pushState(null, "", address);
    document.title = `${nameOf({ displayName: this.#people?.find((one) => one.staffId === staffId)?.displayName ?? "", staffId })} · Onduty`;
    this.#attach();
  }

  readonly #attachAgain = (): void => {
    this.#attach();
  };

  readonly #changePerson = (): void => {
    this.#leave();
    void fetch("/sign-in", { method: "DELETE" }).finally(() => {
      const address = new URL(location.href);
      address.searchParams.delete(PERSON);
      location.href = address.href;
    });
  };

  #leave(): void {
    this.#attachment?.close();
    this.#attachment = undefined;
    this.#ringing.stop();
  }

  readonly #agree = (event: Event): void => {
    agreeToRing((event.target as HTMLInputElement).checked);
  };
}

customElements.define("onduty-desk", Desk);
