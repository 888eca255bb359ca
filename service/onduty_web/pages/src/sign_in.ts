/** Who uses the page: a sample staff member of an open server, or a key or token that becomes a cookie. */
import { css, html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from "lit";

import type { Staff } from "../gen/onduty/v1/staff_pb.js";
import { common, initials, nameOf, shape, statusName, statusWord } from "./look.js";
import { say } from "./words.js";

/** A staff member was chosen. */
export class PersonEvent extends CustomEvent<string> {
  constructor(staffId: string) {
    super("person", { detail: staffId });
  }
}

export class SignIn extends LitElement {
  static override properties = {
    people: { attribute: false },
    asks: { type: Boolean },
    refusal: {},
    busy: { state: true },
  };
  static override styles: CSSResultGroup = [
    common,
    css`
      section {
        width: min(34rem, calc(100vw - 2rem));
        margin: clamp(1rem, 8vh, 6rem) auto;
        padding: clamp(1.1rem, 4vw, 2rem);
      }
      h1 {
        font-size: 1.5rem;
        letter-spacing: -0.015em;
      }
      ul {
        list-style: none;
        margin: 1.2rem 0 0;
        padding: 0;
        display: grid;
        gap: 0.5rem;
      }
      li button {
        width: 100%;
        display: flex;
        align-items: center;
        gap: 0.8rem;
        text-align: start;
        padding: 0.55rem 0.9rem;
      }
      .face {
        display: grid;
        place-items: center;
        width: 2.2rem;
        height: 2.2rem;
        border-radius: 50%;
        background: var(--sunken);
        font-weight: 700;
        font-size: 0.88rem;
      }
      .status {
        margin-inline-start: auto;
        display: inline-flex;
        gap: 0.4rem;
        align-items: center;
        color: var(--status);
        font-size: 0.9rem;
      }
      form {
        display: grid;
        gap: 0.8rem;
        margin-top: 1.2rem;
      }
      label {
        display: grid;
        gap: 0.3rem;
        font-weight: 600;
      }
      .refusal {
        color: var(--danger);
        font-weight: 600;
        margin-top: 0.8rem;
      }
    `,
  ];

  declare people: readonly Staff[];
  /** The server asks for a credential. */
  declare asks: boolean;
  declare refusal: string;
  declare busy: boolean;

  constructor() {
    super();
    this.people = [];
    this.asks = false;
    this.refusal = "";
    this.busy = false;
  }

  override render(): TemplateResult {
    return html`<section class="card">
      ${this.asks ? this.#credential() : this.#people()}
      ${this.refusal === "" ? nothing : html`<p class="refusal" role="alert">${this.refusal}</p>`}
    </section>`;
  }

  #people(): TemplateResult {
    if (this.people.length === 0)
      return html`<h1>${say("who")}</h1>
        <p class="quiet">${say("nobody")}</p>`;
    return html`<h1>${say("who")}</h1>
      <p class="quiet">${say("whoHint")}</p>
      <ul>
        ${this.people.map(
          (staff) =>
            html`<li>
              <button
                type="button"
                data-staff=${staff.staffId}
                @click=${() => {
                  this.dispatchEvent(new PersonEvent(staff.staffId));
                }}
              >
                <span class="face" aria-hidden="true">${initials(nameOf(staff))}</span>
                <span
                  ><b>${nameOf(staff)}</b><br /><span class="quiet"
                    >${staff.skillGroups.map(({ name }) => name).join(", ")}</span
                  ></span
                >
                <span class="status ${statusName(staff.status)}"
                  >${shape(staff.status)}${statusWord(staff.status)}</span
                >
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #credential(): TemplateResult {
    return html`<h1>${say("signIn")}</h1>
      <p class="quiet">${say("credentialHint")}</p>
      <form @submit=${this.#submit}>
        <label
          >${say("credential")}<input name="token" type="password" autocomplete="off" required spellcheck="false"
        /></label>
        <button class="primary" type="submit" ?disabled=${this.busy}>${say("signIn")}</button>
      </form>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get("token");
    this.busy = true;
    this.refusal = "";
    try {
      const answer = await fetch("/sign-in", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token }),
      });
      if (answer.ok) this.dispatchEvent(new CustomEvent("signed-in"));
      else this.refusal = ((await answer.json()) as { message?: string }).message ?? String(answer.status);
    } catch (error) {
      this.refusal = String(error);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("onduty-sign-in", SignIn);
