/**
 * The avatar menu for pages of other sites: `<onduty-status server="..." staff="ana"></onduty-status>`.
 *
 * It holds the person's workspace attached while its page is open.
 */
import {
  css,
  html,
  LitElement,
  nothing,
  unsafeCSS,
  type CSSResultGroup,
  type PropertyValues,
  type TemplateResult,
} from "lit";

import "./status_menu.js";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import type { Staff } from "../gen/onduty/v1/staff_pb.js";
import { CALL, connect, failureOf, type Api } from "./api.js";
import { SharedAttachment } from "./attachment.js";
import { everySecond, ServerClock } from "./clock.js";
import type { Liveness } from "./follow.js";
import { common } from "./look.js";
import type { Choice } from "./menu_items.js";
import type { ChooseEvent } from "./status_menu.js";
import tokens from "./tokens.css?inline";
import { carryOut } from "./workspace_calls.js";
import { say } from "./words.js";

/** The element. Events: `status-changed` with the state, `refused` with the service's sentence. */
export class OndutyStatus extends LitElement {
  static override properties = { server: {}, staff: {}, tenant: {}, token: {} };
  static override styles: CSSResultGroup = [
    unsafeCSS(tokens.replaceAll(":root", ":host")),
    common,
    css`
      :host {
        display: inline-block;
        min-width: 3rem;
      }
      .old {
        opacity: 0.6;
      }
      .remark {
        font-size: 0.82rem;
        color: var(--danger);
        margin-top: 0.2rem;
      }
    `,
  ];

  /** The gateway's address, as `https://onduty.example`. Empty: the page's own. */
  declare server: string;
  /** Whose status it is. */
  declare staff: string;
  declare tenant: string;
  /** A key or token of the role workspace. Empty: the server is open, or there is a cookie. */
  declare token: string;
  readonly #clock = new ServerClock();
  #api: Api | undefined;
  #attachment: SharedAttachment | undefined;
  #stopTicking: (() => void) | undefined;
  #person: Staff | undefined;
  #reasons: BreakReason[] = [];
  #liveness: Liveness = "connecting";
  #remark = "";

  constructor() {
    super();
    this.server = "";
    this.staff = "";
    this.tenant = "";
    this.token = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTicking = everySecond(this.#clock, () => {
      this.requestUpdate();
    });
    this.#attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTicking?.();
    this.#leave();
  }

  protected override updated(changed: PropertyValues): void {
    // The first values are those of the beginning.
    if ([...changed.values()].some((before) => before !== undefined)) this.#attach();
  }

  override render(): TemplateResult {
    const isOld = this.#liveness !== "live" || this.#attachment?.isSilent === true;
    const remark = this.#remark === "" && isOld && this.#person !== undefined ? say("reconnecting") : this.#remark;
    return html`<onduty-status-menu
        class=${isOld ? "old" : ""}
        .staff=${this.#person}
        .reasons=${this.#reasons}
        .now=${this.#clock.now()}
        @menu-open=${this.#readReasons}
        @choose=${(event: ChooseEvent) => void this.#choose(event.detail)}
      ></onduty-status-menu>
      ${remark === "" ? nothing : html`<div class="remark" role="status">${remark}</div>`}`;
  }

  #attach(): void {
    this.#leave();
    if (this.staff === "" || !this.isConnected) return;
    this.#api = connect({ server: this.server, tenant: this.tenant, token: this.token });
    this.#attachment = new SharedAttachment(this.#api, this.staff, {
      staff: (staff) => {
        this.#show(staff);
      },
      left: () => {
        this.#remark = say("gone");
        this.requestUpdate();
      },
      liveness: (liveness, error) => {
        if (liveness === "live" && this.#api !== undefined) void this.#clock.set(this.#api).catch(() => undefined);
        this.#liveness = liveness;
        this.#remark = liveness === "ended" ? (error?.rawMessage ?? "") : "";
        this.requestUpdate();
      },
    });
    this.#readReasons();
  }

  #leave(): void {
    this.#attachment?.close();
    this.#attachment = undefined;
  }

  #show(staff: Staff): void {
    if (this.#person?.personId === staff.personId && staff.revision < this.#person.revision) return;
    this.#person = staff;
    this.#remark = "";
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent("status-changed", { detail: staff }));
  }

  async #choose(choice: Choice): Promise<void> {
    if (this.#api === undefined) return;
    try {
      const staff = await carryOut(this.#api, this.staff, choice);
      if (staff !== undefined) this.#show(staff);
    } catch (error) {
      this.#remark = failureOf(error).rawMessage;
      this.requestUpdate();
      this.dispatchEvent(new CustomEvent("refused", { detail: this.#remark }));
    }
  }

  readonly #readReasons = (): void => {
    void this.#api?.workspace
      .listBreakReasons({ pageSize: 1000 }, CALL)
      .then(({ breakReasons }) => {
        this.#reasons = breakReasons;
        this.requestUpdate();
      })
      .catch(() => undefined); // those that are known stay.
  };
}

customElements.define("onduty-status", OndutyStatus);
