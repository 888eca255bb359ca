import{B as e,L as t,U as n,p as r,r as i}from"./menu_items-BRIIMAHy.js";import{n as a}from"./top_bar-BEI2BPSd.js";var o=6e3,s=class extends t{static{this.styles=[i,n`
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
    `]}#e=[];#t=0;add(e,t=!1){let n={number:++this.#t,text:e,isRefusal:t};this.#e=[...this.#e.filter(e=>e.isRefusal).slice(-2),n],this.requestUpdate(),setTimeout(()=>{this.#n(n)},t?2*o:o)}render(){return e`${a(this.#e,({number:e})=>e,t=>e`<p class=${t.isRefusal?`refusal`:``} role=${t.isRefusal?`alert`:`status`}>
          ${t.text}<button
            type="button"
            aria-label=${r(`close`)}
            @click=${()=>{this.#n(t)}}
          >
            ×
          </button>
        </p>`)}`}#n(e){this.#e=this.#e.filter(t=>t!==e),this.requestUpdate()}};customElements.define(`onduty-toasts`,s);