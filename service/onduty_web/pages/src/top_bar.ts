/** The bar on top of every page: where one is, how live the page is, and what stands on its right. */
import { css, html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from "lit";

import type { Liveness } from "./follow.js";
import { common } from "./look.js";
import { elapsed, language, say } from "./words.js";

const PAGES = ["desk", "board", "team"] as const;

/** Whether what is seen can be relied on: `stale` is a stream that has been silent for longer than it may. */
export type Freshness = Liveness | "stale";

export class TopBar extends LitElement {
  static override properties = { page: {}, freshness: {}, age: { type: Number } };
  static override styles: CSSResultGroup = [
    common,
    css`
      header {
        display: flex;
        align-items: center;
        gap: 0.5rem 1.25rem;
        flex-wrap: wrap;
        padding: 0.55rem clamp(0.75rem, 2vw, 1.5rem);
        background: var(--card);
        border-bottom: 1px solid var(--line);
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 0.55rem;
        font-weight: 700;
        letter-spacing: -0.01em;
      }
      .brand i {
        width: 1.05rem;
        height: 1.05rem;
        border-radius: 50%;
        border: 4px solid var(--accent);
      }
      nav {
        display: flex;
        gap: 0.15rem;
      }
      nav a {
        padding: 0.35rem 0.75rem;
        border-radius: 8px;
        color: var(--quiet);
        text-decoration: none;
        font-weight: 550;
      }
      nav a:hover {
        background: var(--sunken);
        color: var(--text);
      }
      nav a[aria-current] {
        background: var(--sunken);
        color: var(--text);
      }
      .fresh {
        display: inline-flex;
        align-items: center;
        gap: 0.45rem;
        padding: 0.2rem 0.7rem;
        border-radius: 99px;
        border: 1px solid var(--line);
        font-size: 0.86rem;
        font-weight: 600;
        white-space: nowrap;
      }
      .fresh i {
        width: 0.6rem;
        height: 0.6rem;
        border-radius: 50%;
        background: var(--available);
      }
      .fresh.connecting i,
      .fresh.reconnecting i {
        background: none;
        border: 2px solid var(--break);
      }
      .fresh.reconnecting,
      .fresh.connecting {
        color: var(--break);
        border-color: var(--break);
      }
      .fresh.stale,
      .fresh.ended {
        background: var(--danger);
        border-color: var(--danger);
        color: var(--on-danger);
      }
      .fresh.stale i,
      .fresh.ended i {
        background: none;
        border: 2px solid currentColor;
        border-radius: 2px;
        transform: rotate(45deg);
      }
      .right {
        margin-inline-start: auto;
        display: flex;
        align-items: center;
        gap: 0.6rem;
      }
      @media (max-width: 30rem) {
        .brand span {
          display: none;
        }
      }
    `,
  ];

  declare page: (typeof PAGES)[number];
  /** Undefined: there is no stream yet. */
  declare freshness: Freshness | undefined;
  declare age: number;

  constructor() {
    super();
    this.page = "desk";
    this.freshness = "connecting";
    this.age = 0;
  }

  override render(): TemplateResult {
    return html`<header>
      <div class="brand"><i></i><span>Onduty</span></div>
      <nav aria-label="Onduty">
        ${PAGES.map(
          (page) =>
            html`<a href=${`/${page}${location.search}`} aria-current=${this.page === page ? "page" : nothing}
              >${say(page)}</a
            >`,
        )}
      </nav>
      ${this.#fresh()}
      <div class="right"><slot></slot></div>
    </header>`;
  }

  #fresh(): TemplateResult | typeof nothing {
    const { freshness } = this;
    if (freshness === undefined) return nothing;
    const isNew = freshness === "live" || freshness === "connecting";
    const age = isNew
      ? nothing
      : html`<span class="number" aria-hidden="true">${say("asOf", { age: elapsed(this.age) })}</span>`;
    return html`<span class="fresh ${freshness}" role="status"><i></i>${say(freshness)}${age}</span>`;
  }
}

// Pages have a bar; an element in a page of another site leaves that page's language alone.
document.documentElement.lang = language;
customElements.define("onduty-top-bar", TopBar);
