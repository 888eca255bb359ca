import{A as e,B as t,C as n,H as r,L as i,M as a,O as o,P as s,R as c,S as l,T as u,_ as d,a as f,b as p,c as m,d as h,f as g,g as ee,h as _,i as v,j as te,k as y,l as b,m as x,n as S,o as C,p as w,r as T,s as E,u as D,v as O,w as k,x as A,y as j,z as M}from"./top_bar-CA0n_95q.js";import"./toasts-DI427QlH.js";var ne=5,re=class extends c{static{this.properties={api:{attribute:!1},staffId:{attribute:!1},now:{type:Number}}}static{this.styles=[v,r`
      section {
        padding: 1rem 1.1rem;
      }
      h2 {
        font-size: 1rem;
        margin-bottom: 0.6rem;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 0.15rem;
      }
      li {
        display: grid;
        grid-template-columns: 2rem 1fr auto;
        gap: 0 0.7rem;
        align-items: center;
        padding: 0.4rem 0;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      .face {
        position: relative;
        display: grid;
        place-items: center;
        width: 2rem;
        height: 2rem;
        border-radius: 50%;
        background: var(--sunken);
        font-size: 0.8rem;
        font-weight: 700;
        color: var(--text);
      }
      .face .shape {
        position: absolute;
        inset-block-end: -0.2rem;
        inset-inline-end: -0.25rem;
        color: var(--status);
        background: var(--card);
        border-radius: 50%;
        padding: 1px;
      }
      .name {
        font-weight: 560;
        line-height: 1.25;
      }
      small {
        display: block;
        color: var(--quiet);
        font-size: 0.82rem;
        font-weight: 400;
      }
      .open {
        color: var(--available);
        font-size: 0.82rem;
        font-weight: 600;
        text-align: end;
      }
    `]}#e=new Map;#t=new Map;#n;#r=``;constructor(){super(),this.now=0}connectedCallback(){super.connectedCallback(),document.addEventListener(`visibilitychange`,this.#a),this.#a()}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`visibilitychange`,this.#a),this.#o()}render(){let e=[...this.#e.values()].sort((e,t)=>N(e)-N(t)||C(e).localeCompare(C(t)));return t`<section class="card" aria-labelledby="title">
      <h2 id="title">${w(`colleagues`)}</h2>
      ${this.#r===``&&e.length>0?M:t`<p class="quiet">${this.#r||w(`colleaguesNone`)}</p>`}
      <ul>
        ${te(e,({staffId:e})=>e,e=>this.#i(e))}
      </ul>
    </section>`}#i(e){return t`<li class=${m(e.status)} data-staff=${e.staffId}>
      <span class="face" aria-hidden="true">${f(C(e))}${E(e.status)}</span>
      <span class="name"
        >${C(e)}<small
          >${b(e.status)} <span class="number">${h(D(e,this.now))}</span></small
        ></span
      >
      <span class="open">${e.openToTransfers?w(`openToTransfers`):M}</span>
    </li>`}#a=()=>{this.#o(),document.visibilityState===`visible`&&(this.#n=new O({open:e=>{this.#t=new Map;let t={staffId:this.staffId,bookmarkInterval:j(ne)};return this.api.workspace.watchColleagues(t,{signal:e})},receive:({event:e})=>{this.#s(e)},changed:(e,t)=>{this.#r=t?.code===i.FailedPrecondition?w(`colleaguesHidden`):``,this.requestUpdate()},isFinal:e=>n(e)||[i.FailedPrecondition,i.NotFound,i.PermissionDenied].includes(e.code),silenceMs:15e3}))};#o(){this.#n?.stop(),this.#n=void 0}#s(e){if(e.case===`snapshotChunk`){for(let t of e.value.colleagues)this.#t.set(t.staffId,t);e.value.last&&(this.#e=this.#t)}else if(e.case===`changes`)for(let{colleague:t,left:n}of e.value.changes)t!==void 0&&(n?this.#e.delete(t.staffId):this.#e.set(t.staffId,t));else return;this.requestUpdate()}};function N(t){return t.openToTransfers?0:t.status===e.OFFLINE?2:1}customElements.define(`onduty-colleagues`,re);var P=class extends CustomEvent{constructor(e){super(`choose`,{detail:e,bubbles:!0,composed:!0})}},F=class extends c{static{this.properties={staff:{attribute:!1},reasons:{attribute:!1},now:{type:Number},open:{type:Boolean,reflect:!0}}}static{this.styles=[v,r`
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
    `]}#e=``;#t=0;constructor(){super(),this.reasons=[],this.now=0,this.open=!1}connectedCallback(){super.connectedCallback(),document.addEventListener(`pointerdown`,this.#d)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`pointerdown`,this.#d)}render(){let e=this.staff;if(e===void 0)return M;let n=b(e.status,T(e.breakReason,this.reasons)),r=C(e);return t`<button
        id="avatar"
        type="button"
        class=${m(e.status)}
        aria-haspopup="menu"
        aria-expanded=${this.open?`true`:`false`}
        aria-controls="menu"
        @click=${this.#l}
        @keydown=${this.#f}
      >
        <span class="face" aria-hidden="true">${f(r)}${E(e.status)}</span>
        <span class="who"
          ><b>${r}</b
          ><span
            ><span class="status-word">${n}</span>
            <span class="quiet number" aria-hidden="true">${h(D(e,this.now))}</span></span
          ></span
        >
        <span class="visually-hidden">${w(`changeStatus`)}</span>
        <svg class="chevron" viewBox="0 0 12 8" aria-hidden="true">
          <path d="M1 1.5 6 6.5 11 1.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      </button>
      <div id="menu" role="menu" aria-label=${w(`changeStatus`)} ?hidden=${!this.open} @keydown=${this.#p}>
        ${this.open?S(e,this.reasons).map((e,t)=>this.#n(e.label,e.items,t)):M}
      </div>`}#n(e,n,r){return t`<div class="group" role="group" aria-labelledby="group-${r}">
      <div class="heading" id="group-${r}" role="presentation">${e}</div>
      ${n.map(e=>this.#r(e))}
    </div>`}#r(e){let n=e.barred===``?e.hint:e.barred;return t`<div
      class="item ${e.status===void 0?``:m(e.status)}"
      data-id=${e.id}
      role=${e.checked===void 0?`menuitem`:`menuitemradio`}
      aria-checked=${e.checked===void 0?M:e.checked?`true`:`false`}
      aria-disabled=${e.barred===``?M:`true`}
      tabindex="-1"
      @click=${()=>{this.#h(e)}}
    >
      ${e.status===void 0?t`<span></span>`:E(e.status)}
      <span class="label">${e.label}</span>
      ${e.checked===!0?t`<span class="check" aria-hidden="true">✓</span>`:M}
      ${n===``?M:t`<span class="hint">${n}</span>`}
    </div>`}updated(e){e.has(`open`)&&this.open&&this.#a()===void 0&&this.#o(0)}get#i(){return[...this.renderRoot.querySelectorAll(`.item`)]}#a(){return this.#i.find(e=>e===this.shadowRoot?.activeElement)}#o(e){let t=this.#i;t[(e+t.length)%t.length]?.focus()}#s(e){this.dispatchEvent(new CustomEvent(`menu-open`,{bubbles:!0,composed:!0})),this.open=!0,this.updateComplete.then(()=>{this.#o(e)})}#c(){this.open&&=(this.renderRoot.querySelector(`#avatar`)?.focus(),!1)}#l=()=>{this.open?this.#c():this.#s(this.#u())};#u(){if(this.staff===void 0||this.staff.status===e.AFTER_CALL_WORK)return 0;let t=S(this.staff,this.reasons).flatMap(e=>e.items);return Math.max(0,t.findIndex(e=>e.checked===!0))}#d=e=>{this.open&&!e.composedPath().includes(this)&&(this.open=!1)};#f=e=>{(e.key===`ArrowDown`||e.key===`ArrowUp`)&&(e.preventDefault(),this.#s(e.key===`ArrowDown`?0:-1))};#p=e=>{let t=this.#i,n=this.#a(),r=n===void 0?-1:t.indexOf(n);switch(e.key){case`ArrowDown`:this.#o(r+1);break;case`ArrowUp`:this.#o(r-1);break;case`Home`:this.#o(0);break;case`End`:this.#o(-1);break;case`Enter`:case` `:n?.click();break;case`Escape`:this.#c();break;case`Tab`:this.open=!1;return;default:e.key.length===1&&this.#m(e.key,t,r);return}e.preventDefault()};#m(e,t,n){let r=performance.now();this.#e=r-this.#t<700?this.#e+e:e,this.#t=r;let i=this.#e.length===1?n+1:Math.max(n,0),a=this.#e.toLocaleLowerCase(),o=[...t.slice(i),...t.slice(0,i)],s=e=>e.querySelector(`.label`)?.textContent.toLocaleLowerCase()??``;o.find(e=>s(e).startsWith(a))?.focus()}#h(e){e.barred===``&&e.choice!==void 0&&(this.#c(),e.checked!==!0&&this.dispatchEvent(new P(e.choice)))}};customElements.define(`onduty-status-menu`,F);var I=5,L=15e3,R=class{#e;#t;#n;#r;#i=new AbortController;#a;#o=Date.now();#s;#c=!1;constructor(e,t,n){this.#e=e,this.#t=t,this.#n=n;let r=`onduty/${e.tenant}/${t}`;this.#r=new BroadcastChannel(r),this.#r.onmessage=({data:e})=>{this.#f(e)},this.#r.postMessage({kind:`hello`}),this.#l(r)}get age(){return this.#a?.age??Math.max(0,Date.now()-this.#o)}get isSilent(){return this.age>L}again(){this.#c&&this.#u()}close(){this.#i.abort(),this.#a?.stop(),this.#r.close()}async#l(e){let{signal:t}=this.#i,n=async()=>{this.#c=!0,this.#u(),await new Promise(e=>{t.addEventListener(`abort`,()=>{e()})})},r=navigator.locks;r===void 0?await n():await r.request(e,{signal:t},n).catch(()=>void 0)}#u(){this.#a?.stop(),this.#a=new O({open:e=>this.#e.workspace.attach({staffId:this.#t,workspaceId:B(this.#t),userAgent:`Onduty desk`,bookmarkInterval:j(I)},{signal:e}),receive:({event:e})=>{this.#d(e)},changed:(e,t)=>{this.#p({kind:`liveness`,liveness:e}),this.#n.liveness(e,t)},isFinal:e=>n(e)||z.has(e.code),silenceMs:L})}#d(e){if(e.case!==`change`){this.#p({kind:`beat`});return}if(e.value.left){this.#p({kind:`left`}),this.#a?.stop(),this.#n.left();return}let t=e.value.staff;t!==void 0&&(this.#s=t,this.#p({kind:`staff`,bytes:a(y,t)}),this.#n.staff(t))}#f(e){if(e.kind===`hello`){if(!this.#c)return;this.#s!==void 0&&this.#p({kind:`staff`,bytes:a(y,this.#s)}),this.#a!==void 0&&this.#p({kind:`liveness`,liveness:this.#a.liveness})}else this.#c||((e.kind!==`liveness`||e.liveness===`live`)&&(this.#o=Date.now()),e.kind===`staff`?this.#n.staff(s(y,e.bytes)):e.kind===`left`?this.#n.left():e.kind===`liveness`&&this.#n.liveness(e.liveness,void 0))}#p(e){this.#i.signal.aborted||this.#r.postMessage(e)}},z=new Set([i.NotFound,i.PermissionDenied,i.InvalidArgument,i.Aborted]);function B(e){let t=`onduty-workspace-${e}`,n=localStorage.getItem(t);if(n!==null)return n;let r=`desk-${k()}`;return localStorage.setItem(t,r),r}function V(n){let{staff:r,reasons:i,now:a}=n;return t`<section class="card status ${m(r.status)}" aria-label=${w(`status`)}>
    <div class="now">
      <span class="big-shape">${E(r.status)}</span>
      <div>
        <h1 class="status-word">${b(r.status,T(r.breakReason,i))}</h1>
        <p class="quiet">${H(n)}</p>
      </div>
      <div class="time number" role="timer" aria-live="off">${h(D(r,a))}</div>
    </div>
    ${r.status===e.AFTER_CALL_WORK?W(n):M}
    ${r.status===e.OFFLINE?G(n):M} ${r.calls.length>0?q(r,a):M}
    ${r.next===void 0?M:K(n)}
  </section>`}function H({staff:t,now:n}){switch(t.status){case e.AVAILABLE:return t.connection?.offlineAt===void 0?t.holdOffEndsAt!==void 0&&d(t.holdOffEndsAt)>n?w(`holdOff`,{length:g(d(t.holdOffEndsAt)-n)}):w(`waiting`):w(`waitingGrace`);case e.BUSY:return w(`busyNow`);case e.ON_BREAK:return t.overdue?w(`breakOverdue`):t.breakEndsAt===void 0?w(`breakHint`):w(`breakUntil`,{time:x(d(t.breakEndsAt))});case e.IN_LINE:return w(`inCall`);case e.AFTER_CALL_WORK:return U(t);default:return w(`signInHint`)}}function U(e){let{endsAt:t,cappedAt:n}=e.wrapUp??{};return t===void 0?n===void 0?w(`openEnded`):w(`endsAtLatest`,{time:x(d(n))}):``}function W(e){let{startedAt:n,endsAt:r}=e.staff.wrapUp??{},i=r===void 0?0:Math.max(0,d(r)-e.now),a=r===void 0||n===void 0?1:d(r)-d(n);return t`${r===void 0?M:t`<div class="countdown">
            <progress max=${a} value=${i} aria-label=${w(`acw`)}></progress>
            <span class="number" id="countdown" role="timer" aria-live="off"
              ><b>${g(Math.min(i,a))}</b> ${w(`secondsLeft`)}</span
            >
          </div>`}
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="reception"
        @click=${()=>{e.choose({kind:`reception`})}}
      >
        ${w(`backToReception`)}
      </button>
      <button
        type="button"
        id="continue"
        aria-disabled=${r===void 0?`true`:M}
        title=${r===void 0?w(`countdownStopped`):M}
        @click=${()=>{r!==void 0&&e.choose({kind:`continue`})}}
      >
        ${w(`continueAcw`)}
      </button>
    </div>`}function G(n){return t`<div class="actions">
    <button
      class="primary"
      type="button"
      id="become-available"
      @click=${()=>{n.choose({kind:`status`,status:e.AVAILABLE,reason:``})}}
    >
      ${w(`becomeAvailable`)}
    </button>
  </div>`}function K(n){let{next:r}=n.staff,i=b(r?.status??e.UNSPECIFIED,T(r?.breakReason??``,n.reasons));return t`<div class="next">
    <span>${w(`afterwardsSet`,{status:i})}</span>
    <button
      type="button"
      @click=${()=>{n.choose({kind:`clear-next`})}}
    >
      ${w(`takeBack`)}
    </button>
  </div>`}function q(e,n){return t`<ul class="calls" aria-label=${w(`calls`)}>
    ${e.calls.map(e=>t`<li>
          <b>${e.callId}</b><span class="tag">${Y(e.direction)}</span>${e.onHold?t`<span class="tag">${w(`onHold`)}</span>`:M}<span class="number quiet">${J(e,n)}</span>
        </li>`)}
  </ul>`}function J(e,t){return e.startedAt===void 0?``:h(t-d(e.startedAt))}function Y(e){switch(e){case o.OUTBOUND:return w(`outbound`);case o.INTERNAL:return w(`internal`);case o.TRANSFER:return w(`transfer`);default:return w(`inbound`)}}function ie(e){let{offer:n}=e.staff;if(n===void 0)return M;let r=n.expiresAt===void 0?0:Math.max(0,d(n.expiresAt)-e.now),i=n.expiresAt===void 0||n.offeredAt===void 0?1:d(n.expiresAt)-d(n.offeredAt);return t`<section class="card offer" aria-labelledby="offer-title">
    <div class="ring" aria-hidden="true">
      <svg viewBox="0 0 24 24">
        <path
          d="M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1 11.4 11.4 0 0 0 .57 3.6 1 1 0 0 1-.25 1z"
          fill="currentColor"
        />
      </svg>
    </div>
    <div class="offer-text">
      <h2 id="offer-title" role="alert">${w(`offerTitle`)}</h2>
      <p>${w(`offerFrom`,{call:n.callId,direction:Y(n.direction)})}</p>
    </div>
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="accept"
        @click=${()=>{e.answer(!0)}}
      >
        ${w(`accept`)}
      </button>
      <button
        type="button"
        id="decline"
        @click=${()=>{e.answer(!1)}}
      >
        ${w(`decline`)} <span class="number quiet">${g(Math.min(r,i))}</span>
      </button>
    </div>
    <progress max=${i} value=${r} aria-label=${w(`offerTitle`)}></progress>
  </section>`}function ae(e){let{staff:n}=e,r=n.capabilities?.dialOut===!0,i=r?``:w(`dialNotNow`,{status:b(n.status)});return t`<section class="card dial" aria-labelledby="dial-title">
    <h2 id="dial-title">${w(`dialOut`)}</h2>
    <form
      @submit=${t=>{e.dial(t)}}
    >
      <label class="visually-hidden" for="number">${w(`dialHint`)}</label>
      <input
        id="number"
        name="number"
        maxlength="128"
        autocomplete="off"
        placeholder=${w(`dialHint`)}
        ?disabled=${!r}
        required
      />
      <button type="submit" ?disabled=${!r} aria-describedby=${r?M:`dial-why`}>${w(`dial`)}</button>
    </form>
    ${r?M:t`<p class="quiet" id="dial-why">${i}</p>`}
  </section>`}var X=r`
  main {
    width: min(72rem, 100%);
    margin: 0 auto;
    padding: clamp(0.75rem, 2.5vw, 1.75rem);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1.7fr) minmax(16rem, 1fr);
    gap: 1.1rem;
    align-items: start;
  }
  .column {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.1rem;
  }
  .columns.old {
    opacity: 0.72;
  }
  .status {
    padding: clamp(1rem, 3vw, 1.6rem);
    border-inline-start: 6px solid var(--status);
  }
  .now {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0 1rem;
    align-items: center;
  }
  .big-shape .shape {
    width: 2.9rem;
    height: 2.9rem;
    color: var(--status);
    display: block;
  }
  .big-shape .mark {
    stroke-width: 1.5;
  }
  .now h1 {
    font-size: clamp(1.35rem, 3vw, 1.8rem);
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  .time {
    font-size: clamp(1.6rem, 4vw, 2.4rem);
    font-weight: 400;
  }
  .countdown {
    display: grid;
    gap: 0.35rem;
    margin-top: 1.2rem;
  }
  .countdown b {
    font-size: 1.15rem;
  }
  progress {
    appearance: none;
    width: 100%;
    height: 0.55rem;
    border: 0;
    border-radius: 99px;
    overflow: hidden;
    background: var(--sunken);
  }
  progress::-webkit-progress-bar {
    background: var(--sunken);
  }
  progress::-webkit-progress-value {
    background: var(--status, var(--accent));
  }
  progress::-moz-progress-bar {
    background: var(--status, var(--accent));
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    margin-top: 1.1rem;
  }
  .actions button {
    min-height: 2.9rem;
    padding-inline: 1.3rem;
  }
  .next {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
    margin-top: 1.1rem;
    padding: 0.5rem 0.5rem 0.5rem 1rem;
    background: var(--sunken);
    border-radius: 10px;
  }
  .calls {
    list-style: none;
    margin: 1.1rem 0 0;
    padding: 0;
    display: grid;
    gap: 0.4rem;
  }
  .calls li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
    padding: 0.55rem 0.9rem;
    background: var(--sunken);
    border-radius: 10px;
    overflow-wrap: anywhere;
  }
  .calls .number {
    margin-inline-start: auto;
  }
  .tag {
    font-size: 0.8rem;
    padding: 0.05rem 0.5rem;
    border-radius: 99px;
    border: 1px solid var(--line);
    background: var(--card);
  }
  .offer {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0.6rem 1rem;
    align-items: center;
    padding: 1.1rem clamp(1rem, 3vw, 1.6rem);
    border: 2px solid var(--accent);
  }
  .offer .actions {
    margin: 0;
  }
  .offer progress {
    grid-column: 1 / -1;
  }
  .offer h2 {
    font-size: 1.15rem;
  }
  .offer-text {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .ring {
    display: grid;
    place-items: center;
    width: 2.9rem;
    height: 2.9rem;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
  }
  .ring svg {
    width: 1.5rem;
  }
  @media (prefers-reduced-motion: no-preference) {
    .ring svg {
      animation: shake 1.2s infinite;
    }
    @keyframes shake {
      0%,
      40%,
      100% {
        transform: rotate(0);
      }
      10%,
      30% {
        transform: rotate(-14deg);
      }
      20% {
        transform: rotate(14deg);
      }
    }
  }
  .dial {
    padding: 1rem 1.1rem;
  }
  .dial h2 {
    font-size: 1rem;
    margin-bottom: 0.6rem;
  }
  .dial form {
    display: flex;
    gap: 0.6rem;
  }
  .dial input {
    flex: 1;
    min-width: 0;
  }
  .dial input:disabled {
    background: var(--sunken);
    border-style: dashed;
  }
  .dial p {
    margin-top: 0.5rem;
    font-size: 0.9rem;
  }
  .settings {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.6rem;
    padding: 0.8rem 1.1rem;
    font-size: 0.92rem;
  }
  .settings label {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
    margin-bottom: 1rem;
    padding: 0.7rem 1rem;
    border-radius: 12px;
    background: var(--warn-ground);
    color: var(--warn-text);
    border: 1px solid currentColor;
    font-weight: 600;
  }
  @media (max-width: 52rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 34rem) {
    .offer {
      grid-template-columns: auto 1fr;
    }
    .offer .actions {
      grid-column: 1 / -1;
    }
    .offer .actions button {
      flex: 1;
    }
  }
`,Z=`onduty-sound`;function Q(){return localStorage.getItem(Z)===`yes`}function oe(e){localStorage.setItem(Z,e?`yes`:`no`)}var se=class{#e=document.title;#t=0;#n;start(e){if(this.#t!==0)return;let t=!0,n=()=>{document.title=t?`☎ ${e}`:this.#e,t=!t,Q()&&this.#r()};n(),this.#t=window.setInterval(n,1e3)}stop(){window.clearInterval(this.#t),this.#t=0,document.title=this.#e}#r(){let e=this.#n??=new AudioContext,[t,n]=[e.createOscillator(),e.createGain()];t.frequency.value=660,n.gain.setValueAtTime(.12,e.currentTime),n.gain.exponentialRampToValueAtTime(.001,e.currentTime+.35),t.connect(n).connect(e.destination),t.start(),t.stop(e.currentTime+.36)}},$=`staff`,ce=class extends c{static{this.styles=[v,X]}#e=A();#t=new _;#n=new se;#r;#i=new URLSearchParams(location.search).get($)??``;#a;#o=!1;#s=``;#c;#l;#u=[];#d=`connecting`;#f=``;connectedCallback(){super.connectedCallback(),this.#r=ee(this.#t,()=>{this.requestUpdate()}),this.#_()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#j()}render(){return t`<onduty-top-bar
        .page=${`desk`}
        .freshness=${this.#c===void 0?void 0:this.#g}
        .age=${this.#c?.age??0}
      >
        ${this.#l===void 0?M:t`<onduty-status-menu
                .staff=${this.#l}
                .reasons=${this.#u}
                .now=${this.#t.now()}
                @menu-open=${this.#S}
                @choose=${e=>void this.#C(e.detail)}
              ></onduty-status-menu>`}
      </onduty-top-bar>
      <main>${this.#p()}</main>
      <onduty-toasts></onduty-toasts>`}#p(){if(this.#o||this.#i===``&&this.#a!==void 0)return t`<onduty-sign-in
        .people=${this.#a??[]}
        .asks=${this.#o}
        .refusal=${this.#s}
        @person=${e=>{this.#O(e.detail)}}
        @signed-in=${()=>void this.#_()}
      ></onduty-sign-in>`;if(this.#l===void 0)return this.#f===``?M:this.#h();let e={staff:this.#l,reasons:this.#u,now:this.#t.now(),choose:e=>void this.#C(e),answer:e=>void this.#w(e),dial:e=>void this.#T(e)};return t`${this.#m()}
      <div class="columns ${this.#g===`live`?``:`old`}">
        <div class="column">${ie(e)} ${V(e)} ${ae(e)}</div>
        <div class="column">
          <onduty-colleagues .api=${this.#e} .staffId=${this.#i} .now=${this.#t.now()}></onduty-colleagues>
          <section class="card settings">
            <label><input type="checkbox" ?checked=${Q()} @change=${this.#M} />${w(`sound`)}</label>
            <button type="button" @click=${this.#A}>${w(`signOutPage`)}</button>
          </section>
        </div>
      </div>`}#m(){return this.#f===``?this.#g===`live`||this.#g===`connecting`?M:t`<p class="notice" role="status">${w(`deskStale`,{age:h(this.#c?.age??0)})}</p>`:this.#h()}#h(){return t`<p class="notice" role="alert">
      ${this.#f} <button type="button" @click=${this.#k}>${w(`takeHere`)}</button>
      <button type="button" @click=${this.#A}>${w(`signOutPage`)}</button>
    </p>`}get#g(){return this.#d===`live`&&this.#c?.isSilent===!0?`stale`:this.#d}async#_(){try{let e=await this.#e.server.whoAmI({},p);if(this.#o=!1,this.#i===``&&e.staffIds.length===1&&(this.#i=e.staffIds[0]??``),this.#i===``){this.#a=(await this.#e.router.listStaff({pageSize:1e3},p)).staff,this.requestUpdate();return}}catch(e){this.#v(l(e));return}this.#y()}#v(e){this.#o=n(e)||this.#i===``,this.#s=this.#o&&!n(e)?e.rawMessage:``,this.requestUpdate(),this.#o||this.#y()}#y(){this.#f=``,this.#c?.close(),this.#c=new R(this.#e,this.#i,{staff:e=>{this.#x(e)},left:()=>{this.#f=w(`gone`),this.#l=void 0,this.requestUpdate()},liveness:(e,t)=>{this.#b(e,t)}}),this.#S(),this.requestUpdate()}#b(e,t){e===`live`&&this.#d!==`live`&&(this.#t.set(this.#e).catch(()=>void 0),this.#S()),this.#d=e,e===`ended`&&t!==void 0&&(this.#o=n(t),this.#f=this.#o?``:t.code===i.Aborted?w(`replaced`):t.rawMessage),this.requestUpdate()}#x(e){this.#l!==void 0&&e.revision<this.#l.revision&&e.personId===this.#l.personId||(this.#l=e,e.offer===void 0?this.#n.stop():this.#n.start(w(`offerTitle`)),this.requestUpdate())}#S=()=>{this.#e.workspace.listBreakReasons({pageSize:1e3},p).then(({breakReasons:e})=>{this.#u=e,this.requestUpdate()}).catch(()=>void 0)};async#C(e){let t={staffId:this.#i,requestId:u()},{workspace:n}=this.#e;await this.#E(()=>{switch(e.kind){case`reception`:return n.backToReception(t,p);case`continue`:return n.continueAfterCallWork(t,p);case`clear-next`:return n.clearNextStatus(t,p);case`next`:return n.setNextStatus({...t,choice:{status:e.status,breakReason:e.reason}},p);case`status`:return n.changeStatus({...t,choice:{status:e.status,breakReason:e.reason}},p)}})}async#w(e){let t=this.#l?.offer?.claimId;if(t===void 0)return;let n={staffId:this.#i,claimId:t,requestId:u()},{workspace:r}=this.#e;await this.#E(()=>e?r.acceptOffer(n,p):r.declineOffer(n,p))}async#T(e){e.preventDefault();let t=e.target,n=new FormData(t).get(`number`);if(typeof n!=`string`||n.trim()===``)return;let r={staffId:this.#i,callId:n.trim(),requestId:u()};await this.#E(()=>this.#e.workspace.placeCall(r,p))&&t.reset()}async#E(e){let t=this.#l?.status;try{let{staff:n}=await e();if(n!==void 0){this.#x(n);let e=b(n.status,T(n.breakReason,this.#u));n.status!==t&&this.#D?.add(w(`youAre`,{status:e}))}return!0}catch(e){return this.#D?.add(l(e).rawMessage,!0),!1}}get#D(){return this.renderRoot.querySelector(`onduty-toasts`)}#O(e){this.#i=e;let t=new URL(location.href);t.searchParams.set($,e),history.pushState(null,``,t),document.title=`${C({displayName:this.#a?.find(t=>t.staffId===e)?.displayName??``,staffId:e})} · Onduty`,this.#y()}#k=()=>{this.#y()};#A=()=>{this.#j(),fetch(`/sign-in`,{method:`DELETE`}).finally(()=>{let e=new URL(location.href);e.searchParams.delete($),location.href=e.href})};#j(){this.#c?.close(),this.#c=void 0,this.#n.stop()}#M=e=>{oe(e.target.checked)}};customElements.define(`onduty-desk`,ce);