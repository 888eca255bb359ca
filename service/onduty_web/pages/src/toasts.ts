/** Short messages at the foot of a page: what came of an action. */
import { css, html, LitElement, type CSSResultGroup, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { common } from "./look.js";
import { say } from "./words.js";

const SHOWN_MS = 6000;

interface Toast {
  readonly number: number;
  readonly text: string;
  readonly isRefusal: boolean;
}

export class Toasts extends LitElement {
  static override styles: CSSResultGroup = [
    common,
    css`
      :host {
        position: fixed;
        inset-block-end: 1rem;
        inset-inline: 1rem;
        display: grid;
        gap: 0.5rem;
        justify-items: center;
        pointer-events: none;
        z-index: 40;
      }
      p {
        pointer-events: auto;
        display: flex;
        gap: 0.8rem;
        align-items: center;
        max-width: 44rem;
        padding: 0.55rem 0.6rem 0.55rem 1rem;
        border-radius: 12px;
        background: light-dark(#1c2732, #e8eef3);
        color: light-dark(#fff, #10171e);
        box-shadow: var(--shadow);
        overflow-wrap: anywhere;
      }
      p.refusal {
        background: var(--danger);
        color: var(--on-danger);
      }
      button {
        background: none;
        border: 0;
        color: inherit;
        min-height: 2rem;
        padding: 0 0.6rem;
        font-size: 1.1rem;
      }
    `,
  ];

  #toasts: Toast[] = [];
  #count = 0;

  /** Show what came of something. */
  add(text: string, isRefusal = false): void {
    const toast = { number: ++this.#count, text, isRefusal };
    // The news of a status is old with the next one; refusals stay.
    this.#toasts = [...this.#toasts.filter((other) => other.isRefusal).slice(-2), toast];
    this.requestUpdate();
    setTimeout(
      () => {
        this.#drop(toast);
      },
      isRefusal ? 2 * SHOWN_MS : SHOWN_MS,
    );
  }

  override render(): TemplateResult {
    return html`${repeat(
      this.#toasts,
      ({ number }) => number,
      (toast) =>
        html`<p class=${toast.isRefusal ? "refusal" : ""} role=${toast.isRefusal ? "alert" : "status"}>
          ${toast.text}<button
            type="button"
            aria-label=${say("close")}
            @click=${() => {
              this.#drop(toast);
            }}
          >
            ×
          </button>
        </p>`,
    )}`;
  }

  #drop(toast: Toast): void {
    this.#toasts = this.#toasts.filter((other) => other !== toast);
    this.requestUpdate();
  }
}

customElements.define("onduty-toasts", Toasts);
