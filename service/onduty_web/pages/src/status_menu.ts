/** The avatar and its menu: who one is, the status, and what can be chosen. It shows and asks; whoever holds it carries out. */
import { css, html, LitElement, nothing, type CSSResultGroup, type PropertyValues, type TemplateResult } from "lit";

import type { BreakReason } from "../gen/onduty/v1/policy_pb.js";
import { Status, type Staff } from "../gen/onduty/v1/staff_pb.js";
import { common, initials, nameOf, shape, statusName, statusWord, timeIn } from "./look.js";
import { menuOf, reasonName, type Choice, type MenuItem } from "./menu_items.js";
import { elapsed, say } from "./words.js";

/** What an entry asks for. */
export class ChooseEvent extends CustomEvent<Choice> {
  constructor(choice: Choice) {
    super("choose", { detail: choice, bubbles: true, composed: true });
  }
}

export class StatusMenu extends LitElement {
  static override properties = {
    staff: { attribute: false },
    reasons: { attribute: false },
    now: { type: Number },
    open: { type: Boolean, reflect: true },
  };
  static override styles: CSSResultGroup = [
    common,
    css`
      :host {
        position: relative;
        display: block;
      }
      #avatar {
        display: flex;
        align-items: center;
        gap: 0.65rem;
        padding: 0.3rem 0.8rem 0.3rem 0.35rem;
        border-radius: 99px;
        text-align: start;
        min-height: 3rem;
      }
      .face {
        position: relative;
        display: grid;
        place-items: center;
        width: 2.4rem;
        height: 2.4rem;
        border-radius: 50%;
        background: color-mix(in srgb, var(--status) 16%, var(--card));
        border: 2px solid var(--status);
        font-weight: 700;
        font-size: 0.92rem;
      }
      .face .shape {
        position: absolute;
        inset-block-end: -0.28rem;
        inset-inline-end: -0.28rem;
        width: 1.15rem;
        height: 1.15rem;
        color: var(--status);
        background: var(--card);
        border-radius: 50%;
        padding: 1px;
      }
      .who {
        display: grid;
        line-height: 1.2;
      }
      .who b {
        font-weight: 650;
      }
      .who span {
        font-size: 0.86rem;
      }
      .chevron {
        width: 0.8rem;
        color: var(--quiet);
      }
      #menu {
        position: absolute;
        inset-inline-end: 0;
        inset-block-start: calc(100% + 0.45rem);
        z-index: 20;
        width: min(22rem, calc(100vw - 1.5rem));
        max-height: min(78vh, 40rem);
        overflow-y: auto;
        padding: 0.4rem;
        background: var(--raised);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: 0 12px 40px light-dark(#0b182633, #000a);
      }
      #menu[hidden] {
        display: none;
      }
      .group + .group {
        border-top: 1px solid var(--line);
        margin-top: 0.4rem;
        padding-top: 0.4rem;
      }
      .heading {
        padding: 0.3rem 0.7rem 0.15rem;
        font-size: 0.76rem;
        font-weight: 650;
        letter-spacing: 0.04em;
        color: var(--quiet);
      }
      .item {
        display: grid;
        grid-template-columns: 1.25rem 1fr 1.1rem;
        align-items: center;
        gap: 0 0.65rem;
        padding: 0.42rem 0.7rem;
        border-radius: 9px;
        cursor: pointer;
      }
      .item:hover,
      .item:focus {
        background: var(--sunken);
      }
      .item:focus {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }
      .item .shape {
        color: var(--status);
        width: 1.15rem;
        height: 1.15rem;
      }
      .item .label {
        font-weight: 560;
        grid-column: 2;
      }
      .item .hint {
        grid-column: 2;
        font-size: 0.82rem;
        color: var(--quiet);
      }
      .item .check {
        grid-column: 3;
        grid-row: 1;
        color: var(--accent);
        font-weight: 800;
      }
      .item[aria-disabled="true"] {
        cursor: not-allowed;
      }
      .item[aria-disabled="true"] .label {
        color: var(--quiet);
      }
      .item[aria-disabled="true"]:not([aria-checked="true"]) .shape {
        opacity: 0.55;
      }
      @media (max-width: 30rem) {
        .who b {
          display: none;
        }
      }
    `,
  ];

  declare staff: Staff | undefined;
  declare reasons: readonly BreakReason[];
  declare now: number;
  declare open: boolean;
  #typed = "";
  #typedAt = 0;

  constructor() {
    super();
    this.reasons = [];
    this.now = 0;
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#pressedElsewhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#pressedElsewhere);
  }

  override render(): TemplateResult | typeof nothing {
    const staff = this.staff;
    if (staff === undefined) return nothing;
    const word = statusWord(staff.status, reasonName(staff.breakReason, this.reasons));
    const name = nameOf(staff);
    return html`<button
        id="avatar"
        type="button"
        class=${statusName(staff.status)}
        aria-haspopup="menu"
        aria-expanded=${this.open ? "true" : "false"}
        aria-controls="menu"
        @click=${this.#toggle}
        @keydown=${this.#keyOnButton}
      >
        <span class="face" aria-hidden="true">${initials(name)}${shape(staff.status)}</span>
        <span class="who"
          ><b>${name}</b
          ><span
            ><span class="status-word">${word}</span>
            <span class="quiet number" aria-hidden="true">${elapsed(timeIn(staff, this.now))}</span></span
          ></span
        >
        <span class="visually-hidden">${say("changeStatus")}</span>
        <svg class="chevron" viewBox="0 0 12 8" aria-hidden="true">
          <path d="M1 1.5 6 6.5 11 1.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      </button>
      <div id="menu" role="menu" aria-label=${say("changeStatus")} ?hidden=${!this.open} @keydown=${this.#keyInMenu}>
        ${this.open ? menuOf(staff, this.reasons).map((group, place) => this.#group(group.label, group.items, place)) : nothing}
      </div>`;
  }

  #group(label: string, items: readonly MenuItem[], place: number): TemplateResult {
    return html`<div class="group" role="group" aria-labelledby="group-${place}">
      <div class="heading" id="group-${place}" role="presentation">${label}</div>
      ${items.map((item) => this.#item(item))}
    </div>`;
  }

  #item(item: MenuItem): TemplateResult {
    const hint = item.barred === "" ? item.hint : item.barred;
    return html`<div
      class="item ${item.status === undefined ? "" : statusName(item.status)}"
      data-id=${item.id}
      role=${item.checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked=${item.checked === undefined ? nothing : item.checked ? "true" : "false"}
      aria-disabled=${item.barred === "" ? nothing : "true"}
      tabindex="-1"
      @click=${() => {
        this.#choose(item);
      }}
    >
      ${item.status === undefined ? html`<span></span>` : shape(item.status)}
      <span class="label">${item.label}</span>
      ${item.checked === true ? html`<span class="check" aria-hidden="true">✓</span>` : nothing}
      ${hint === "" ? nothing : html`<span class="hint">${hint}</span>`}
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("open") && this.open && this.#focused() === undefined) this.#focusAt(0);
  }

  /** The menu's entries, those that are not possible now among them: their reasons can be read. */
  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".item")];
  }

  #focused(): HTMLElement | undefined {
    return this.#items.find((item) => item === this.shadowRoot?.activeElement);
  }

  #focusAt(place: number): void {
    const items = this.#items;
    items[(place + items.length) % items.length]?.focus();
  }

  #show(place: number): void {
    this.dispatchEvent(new CustomEvent("menu-open", { bubbles: true, composed: true }));
    this.open = true;
    this.#typed = "";
    void this.updateComplete.then(() => {
      this.#focusAt(place);
    });
  }

  #hide(): void {
    if (!this.open) return;
    // Focus leaves before what has it is hidden.
    this.renderRoot.querySelector<HTMLElement>("#avatar")?.focus();
    this.open = false;
  }

  readonly #toggle = (): void => {
    if (this.open) this.#hide();
    else this.#show(this.#checkedPlace());
  };

  #checkedPlace(): number {
    if (this.staff === undefined || this.staff.status === Status.AFTER_CALL_WORK) return 0;
    const items = menuOf(this.staff, this.reasons).flatMap((group) => group.items);
    return Math.max(
      0,
      items.findIndex((item) => item.checked === true),
    );
  }

  readonly #pressedElsewhere = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.open = false;
  };

  readonly #keyOnButton = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.#show(event.key === "ArrowDown" ? 0 : -1);
  };

  readonly #keyInMenu = (event: KeyboardEvent): void => {
    const items = this.#items;
    const focused = this.#focused();
    const place = focused === undefined ? -1 : items.indexOf(focused);
    switch (event.key) {
      case "ArrowDown":
        this.#focusAt(place + 1);
        break;
      case "ArrowUp":
        this.#focusAt(place - 1);
        break;
      case "Home":
        this.#focusAt(0);
        break;
      case "End":
        this.#focusAt(-1);
        break;
      case "Enter":
      case " ":
        focused?.click();
        break;
      case "Escape":
        this.#hide();
        break;
      case "Tab":
        this.open = false;
        return;
      default:
        if (event.key.length === 1) this.#seek(event.key, items, place);
        return;
    }
    event.preventDefault();
  };

  #seek(letter: string, items: readonly HTMLElement[], place: number): void {
    const now = performance.now();
    this.#typed = now - this.#typedAt < 700 ? this.#typed + letter : letter;
    this.#typedAt = now;
    const from = this.#typed.length === 1 ? place + 1 : Math.max(place, 0);
    const wanted = this.#typed.toLocaleLowerCase();
    const order = [...items.slice(from), ...items.slice(0, from)];
    const labelOf = (item: HTMLElement): string => item.querySelector(".label")?.textContent.toLocaleLowerCase() ?? "";
    order.find((item) => labelOf(item).startsWith(wanted))?.focus();
  }

  #choose(item: MenuItem): void {
    if (item.barred !== "" || item.choice === undefined) return;
    this.#hide();
    if (item.checked !== true) this.dispatchEvent(new ChooseEvent(item.choice));
  }
}

customElements.define("onduty-status-menu", StatusMenu);
