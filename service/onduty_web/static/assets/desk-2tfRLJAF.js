import{A as e,C as t,D as n,F as r,I as i,L as a,M as o,N as s,O as c,P as l,S as u,T as d,_ as f,a as p,b as m,c as h,d as g,f as _,g as v,h as y,i as b,j as x,k as S,l as C,m as w,n as T,o as E,p as D,r as O,s as k,u as A,v as j,w as ee,x as M,y as N}from"./top_bar-CvxnL6Ht.js";var te=5,ne=class extends l{static{this.properties={api:{attribute:!1},staffId:{attribute:!1},now:{type:Number}}}static{this.styles=[b,a`
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
    `]}#e=new Map;#t=new Map;#n;#r=``;constructor(){super(),this.now=0}connectedCallback(){super.connectedCallback(),document.addEventListener(`visibilitychange`,this.#a),this.#a()}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`visibilitychange`,this.#a),this.#o()}render(){let t=[...this.#e.values()].sort((e,t)=>P(e)-P(t)||E(e).localeCompare(E(t)));return i`<section class="card" aria-labelledby="title">
      <h2 id="title">${D(`colleagues`)}</h2>
      ${this.#r===``&&t.length>0?r:i`<p class="quiet">${this.#r||D(`colleaguesNone`)}</p>`}
      <ul>
        ${e(t,({staffId:e})=>e,e=>this.#i(e))}
      </ul>
    </section>`}#i(e){return i`<li class=${h(e.status)} data-staff=${e.staffId}>
      <span class="face" aria-hidden="true">${p(E(e))}${k(e.status)}</span>
      <span class="name"
        >${E(e)}<small
          >${C(e.status)} <span class="number">${g(A(e,this.now))}</span></small
        ></span
      >
      <span class="open">${e.openToTransfers?D(`openToTransfers`):r}</span>
    </li>`}#a=()=>{this.#o(),document.visibilityState===`visible`&&(this.#n=new j({open:e=>{this.#t=new Map;let t={staffId:this.staffId,bookmarkInterval:N(te)};return this.api.workspace.watchColleagues(t,{signal:e})},receive:({event:e})=>{this.#s(e)},changed:(e,t)=>{this.#r=t?.code===s.FailedPrecondition?D(`colleaguesHidden`):``,this.requestUpdate()},isFinal:e=>t(e)||[s.FailedPrecondition,s.NotFound,s.PermissionDenied].includes(e.code),silenceMs:15e3}))};#o(){this.#n?.stop(),this.#n=void 0}#s(e){if(e.case===`snapshotChunk`){for(let t of e.value.colleagues)this.#t.set(t.staffId,t);e.value.last&&(this.#e=this.#t)}else if(e.case===`changes`)for(let{colleague:t,left:n}of e.value.changes)t!==void 0&&(n?this.#e.delete(t.staffId):this.#e.set(t.staffId,t));else return;this.requestUpdate()}};function P(e){return e.openToTransfers?0:e.status===S.OFFLINE?2:1}customElements.define(`onduty-colleagues`,ne);var re=class extends CustomEvent{constructor(e){super(`choose`,{detail:e,bubbles:!0,composed:!0})}},F=class extends l{static{this.properties={staff:{attribute:!1},reasons:{attribute:!1},now:{type:Number},open:{type:Boolean,reflect:!0}}}static{this.styles=[b,a`
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
    `]}#e=``;#t=0;constructor(){super(),this.reasons=[],this.now=0,this.open=!1}connectedCallback(){super.connectedCallback(),document.addEventListener(`pointerdown`,this.#d)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`pointerdown`,this.#d)}render(){let e=this.staff;if(e===void 0)return r;let t=C(e.status,O(e.breakReason,this.reasons)),n=E(e);return i`<button
        id="avatar"
        type="button"
        class=${h(e.status)}
        aria-haspopup="menu"
        aria-expanded=${this.open?`true`:`false`}
        aria-controls="menu"
        @click=${this.#l}
        @keydown=${this.#f}
      >
        <span class="face" aria-hidden="true">${p(n)}${k(e.status)}</span>
        <span class="who"
          ><b>${n}</b
          ><span
            ><span class="status-word">${t}</span>
            <span class="quiet number" aria-hidden="true">${g(A(e,this.now))}</span></span
          ></span
        >
        <span class="visually-hidden">${D(`changeStatus`)}</span>
        <svg class="chevron" viewBox="0 0 12 8" aria-hidden="true">
          <path d="M1 1.5 6 6.5 11 1.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      </button>
      <div id="menu" role="menu" aria-label=${D(`changeStatus`)} ?hidden=${!this.open} @keydown=${this.#p}>
        ${this.open?T(e,this.reasons).map((e,t)=>this.#n(e.label,e.items,t)):r}
      </div>`}#n(e,t,n){return i`<div class="group" role="group" aria-labelledby="group-${n}">
      <div class="heading" id="group-${n}" role="presentation">${e}</div>
      ${t.map(e=>this.#r(e))}
    </div>`}#r(e){let t=e.barred===``?e.hint:e.barred;return i`<div
      class="item ${e.status===void 0?``:h(e.status)}"
      data-id=${e.id}
      role=${e.checked===void 0?`menuitem`:`menuitemradio`}
      aria-checked=${e.checked===void 0?r:e.checked?`true`:`false`}
      aria-disabled=${e.barred===``?r:`true`}
      tabindex="-1"
      @click=${()=>{this.#h(e)}}
    >
      ${e.status===void 0?i`<span></span>`:k(e.status)}
      <span class="label">${e.label}</span>
      ${e.checked===!0?i`<span class="check" aria-hidden="true">✓</span>`:r}
      ${t===``?r:i`<span class="hint">${t}</span>`}
    </div>`}updated(e){e.has(`open`)&&this.open&&this.#a()===void 0&&this.#o(0)}get#i(){return[...this.renderRoot.querySelectorAll(`.item`)]}#a(){return this.#i.find(e=>e===this.shadowRoot?.activeElement)}#o(e){let t=this.#i;t[(e+t.length)%t.length]?.focus()}#s(e){this.dispatchEvent(new CustomEvent(`menu-open`,{bubbles:!0,composed:!0})),this.open=!0,this.updateComplete.then(()=>{this.#o(e)})}#c(){this.open&&=(this.renderRoot.querySelector(`#avatar`)?.focus(),!1)}#l=()=>{this.open?this.#c():this.#s(this.#u())};#u(){if(this.staff===void 0||this.staff.status===S.AFTER_CALL_WORK)return 0;let e=T(this.staff,this.reasons).flatMap(e=>e.items);return Math.max(0,e.findIndex(e=>e.checked===!0))}#d=e=>{this.open&&!e.composedPath().includes(this)&&(this.open=!1)};#f=e=>{(e.key===`ArrowDown`||e.key===`ArrowUp`)&&(e.preventDefault(),this.#s(e.key===`ArrowDown`?0:-1))};#p=e=>{let t=this.#i,n=this.#a(),r=n===void 0?-1:t.indexOf(n);switch(e.key){case`ArrowDown`:this.#o(r+1);break;case`ArrowUp`:this.#o(r-1);break;case`Home`:this.#o(0);break;case`End`:this.#o(-1);break;case`Enter`:case` `:n?.click();break;case`Escape`:this.#c();break;case`Tab`:this.open=!1;return;default:e.key.length===1&&this.#m(e.key,t,r);return}e.preventDefault()};#m(e,t,n){let r=performance.now();this.#e=r-this.#t<700?this.#e+e:e,this.#t=r;let i=this.#e.length===1?n+1:Math.max(n,0),a=this.#e.toLocaleLowerCase(),o=[...t.slice(i),...t.slice(0,i)],s=e=>e.querySelector(`.label`)?.textContent.toLocaleLowerCase()??``;o.find(e=>s(e).startsWith(a))?.focus()}#h(e){e.barred===``&&e.choice!==void 0&&(this.#c(),e.checked!==!0&&this.dispatchEvent(new re(e.choice)))}};customElements.define(`onduty-status-menu`,F);var I=6e3,L=class extends l{static{this.styles=[b,a`
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
    `]}#e=[];#t=0;add(e,t=!1){let n={number:++this.#t,text:e,isRefusal:t};this.#e=[...this.#e.filter(e=>e.isRefusal).slice(-2),n],this.requestUpdate(),setTimeout(()=>{this.#n(n)},t?2*I:I)}render(){return i`${e(this.#e,({number:e})=>e,e=>i`<p class=${e.isRefusal?`refusal`:``} role=${e.isRefusal?`alert`:`status`}>
          ${e.text}<button
            type="button"
            aria-label=${D(`close`)}
            @click=${()=>{this.#n(e)}}
          >
            ×
          </button>
        </p>`)}`}#n(e){this.#e=this.#e.filter(t=>t!==e),this.requestUpdate()}};customElements.define(`onduty-toasts`,L);var R=5,z=15e3,B=class{#e;#t;#n;#r;#i=new AbortController;#a;#o=Date.now();#s;#c=!1;constructor(e,t,n){this.#e=e,this.#t=t,this.#n=n;let r=`onduty/${e.tenant}/${t}`;this.#r=new BroadcastChannel(r),this.#r.onmessage=({data:e})=>{this.#f(e)},this.#r.postMessage({kind:`hello`}),this.#l(r)}get age(){return this.#a?.age??Math.max(0,Date.now()-this.#o)}get isSilent(){return this.age>z}again(){this.#c&&this.#u()}close(){this.#i.abort(),this.#a?.stop(),this.#r.close()}async#l(e){let{signal:t}=this.#i,n=async()=>{this.#c=!0,this.#u(),await new Promise(e=>{t.addEventListener(`abort`,()=>{e()})})},r=navigator.locks;r===void 0?await n():await r.request(e,{signal:t},n).catch(()=>void 0)}#u(){this.#a?.stop(),this.#a=new j({open:e=>this.#e.workspace.attach({staffId:this.#t,workspaceId:H(this.#t),userAgent:`Onduty desk`,bookmarkInterval:N(R)},{signal:e}),receive:({event:e})=>{this.#d(e)},changed:(e,t)=>{this.#p({kind:`liveness`,liveness:e}),this.#n.liveness(e,t)},isFinal:e=>t(e)||V.has(e.code),silenceMs:z})}#d(e){if(e.case!==`change`){this.#p({kind:`beat`});return}if(e.value.left){this.#p({kind:`left`}),this.#a?.stop(),this.#n.left();return}let t=e.value.staff;t!==void 0&&(this.#s=t,this.#p({kind:`staff`,bytes:x(c,t)}),this.#n.staff(t))}#f(e){if(e.kind===`hello`){if(!this.#c)return;this.#s!==void 0&&this.#p({kind:`staff`,bytes:x(c,this.#s)}),this.#a!==void 0&&this.#p({kind:`liveness`,liveness:this.#a.liveness})}else this.#c||((e.kind!==`liveness`||e.liveness===`live`)&&(this.#o=Date.now()),e.kind===`staff`?this.#n.staff(o(c,e.bytes)):e.kind===`left`?this.#n.left():e.kind===`liveness`&&this.#n.liveness(e.liveness,void 0))}#p(e){this.#i.signal.aborted||this.#r.postMessage(e)}},V=new Set([s.NotFound,s.PermissionDenied,s.InvalidArgument,s.Aborted]);function H(e){let t=`onduty-workspace-${e}`,n=localStorage.getItem(t);if(n!==null)return n;let r=`desk-${ee()}`;return localStorage.setItem(t,r),r}function U(e){let{staff:t,reasons:n,now:a}=e;return i`<section class="card status ${h(t.status)}" aria-label=${D(`status`)}>
    <div class="now">
      <span class="big-shape">${k(t.status)}</span>
      <div>
        <h1 class="status-word">${C(t.status,O(t.breakReason,n))}</h1>
        <p class="quiet">${W(e)}</p>
      </div>
      <div class="time number" role="timer" aria-live="off">${g(A(t,a))}</div>
    </div>
    ${t.status===S.AFTER_CALL_WORK?K(e):r}
    ${t.status===S.OFFLINE?q(e):r} ${t.calls.length>0?Y(t,a):r}
    ${t.next===void 0?r:J(e)}
  </section>`}function W({staff:e,now:t}){switch(e.status){case S.AVAILABLE:return e.connection?.offlineAt===void 0?e.holdOffEndsAt!==void 0&&f(e.holdOffEndsAt)>t?D(`holdOff`,{length:_(f(e.holdOffEndsAt)-t)}):D(`waiting`):D(`waitingGrace`);case S.BUSY:return D(`busyNow`);case S.ON_BREAK:return e.overdue?D(`breakOverdue`):e.breakEndsAt===void 0?D(`breakHint`):D(`breakUntil`,{time:w(f(e.breakEndsAt))});case S.IN_LINE:return D(`inCall`);case S.AFTER_CALL_WORK:return G(e);default:return D(`signInHint`)}}function G(e){let{endsAt:t,cappedAt:n}=e.wrapUp??{};return t===void 0?n===void 0?D(`openEnded`):D(`endsAtLatest`,{time:w(f(n))}):``}function K(e){let{startedAt:t,endsAt:n}=e.staff.wrapUp??{},a=n===void 0?0:Math.max(0,f(n)-e.now),o=n===void 0||t===void 0?1:f(n)-f(t);return i`${n===void 0?r:i`<div class="countdown">
            <progress max=${o} value=${a} aria-label=${D(`acw`)}></progress>
            <span class="number" id="countdown" role="timer" aria-live="off"
              ><b>${_(Math.min(a,o))}</b> ${D(`secondsLeft`)}</span
            >
          </div>`}
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="reception"
        @click=${()=>{e.choose({kind:`reception`})}}
      >
        ${D(`backToReception`)}
      </button>
      <button
        type="button"
        id="continue"
        aria-disabled=${n===void 0?`true`:r}
        title=${n===void 0?D(`countdownStopped`):r}
        @click=${()=>{n!==void 0&&e.choose({kind:`continue`})}}
      >
        ${D(`continueAcw`)}
      </button>
    </div>`}function q(e){return i`<div class="actions">
    <button
      class="primary"
      type="button"
      id="become-available"
      @click=${()=>{e.choose({kind:`status`,status:S.AVAILABLE,reason:``})}}
    >
      ${D(`becomeAvailable`)}
    </button>
  </div>`}function J(e){let{next:t}=e.staff,n=C(t?.status??S.UNSPECIFIED,O(t?.breakReason??``,e.reasons));return i`<div class="next">
    <span>${D(`afterwardsSet`,{status:n})}</span>
    <button
      type="button"
      @click=${()=>{e.choose({kind:`clear-next`})}}
    >
      ${D(`takeBack`)}
    </button>
  </div>`}function Y(e,t){return i`<ul class="calls" aria-label=${D(`calls`)}>
    ${e.calls.map(e=>i`<li>
          <b>${e.callId}</b><span class="tag">${X(e.direction)}</span>${e.onHold?i`<span class="tag">${D(`onHold`)}</span>`:r}<span class="number quiet">${ie(e,t)}</span>
        </li>`)}
  </ul>`}function ie(e,t){return e.startedAt===void 0?``:g(t-f(e.startedAt))}function X(e){switch(e){case n.OUTBOUND:return D(`outbound`);case n.INTERNAL:return D(`internal`);case n.TRANSFER:return D(`transfer`);default:return D(`inbound`)}}function ae(e){let{offer:t}=e.staff;if(t===void 0)return r;let n=t.expiresAt===void 0?0:Math.max(0,f(t.expiresAt)-e.now),a=t.expiresAt===void 0||t.offeredAt===void 0?1:f(t.expiresAt)-f(t.offeredAt);return i`<section class="card offer" aria-labelledby="offer-title">
    <div class="ring" aria-hidden="true">
      <svg viewBox="0 0 24 24">
        <path
          d="M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1 11.4 11.4 0 0 0 .57 3.6 1 1 0 0 1-.25 1z"
          fill="currentColor"
        />
      </svg>
    </div>
    <div class="offer-text">
      <h2 id="offer-title" role="alert">${D(`offerTitle`)}</h2>
      <p>${D(`offerFrom`,{call:t.callId,direction:X(t.direction)})}</p>
    </div>
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="accept"
        @click=${()=>{e.answer(!0)}}
      >
        ${D(`accept`)}
      </button>
      <button
        type="button"
        id="decline"
        @click=${()=>{e.answer(!1)}}
      >
        ${D(`decline`)} <span class="number quiet">${_(Math.min(n,a))}</span>
      </button>
    </div>
    <progress max=${a} value=${n} aria-label=${D(`offerTitle`)}></progress>
  </section>`}function oe(e){let{staff:t}=e,n=t.capabilities?.dialOut===!0,a=n?``:D(`dialNotNow`,{status:C(t.status)});return i`<section class="card dial" aria-labelledby="dial-title">
    <h2 id="dial-title">${D(`dialOut`)}</h2>
    <form
      @submit=${t=>{e.dial(t)}}
    >
      <label class="visually-hidden" for="number">${D(`dialHint`)}</label>
      <input
        id="number"
        name="number"
        maxlength="128"
        autocomplete="off"
        placeholder=${D(`dialHint`)}
        ?disabled=${!n}
        required
      />
      <button type="submit" ?disabled=${!n} aria-describedby=${n?r:`dial-why`}>${D(`dial`)}</button>
    </form>
    ${n?r:i`<p class="quiet" id="dial-why">${a}</p>`}
  </section>`}var se=a`
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
`,Z=`onduty-sound`;function Q(){return localStorage.getItem(Z)===`yes`}function ce(e){localStorage.setItem(Z,e?`yes`:`no`)}var le=class{#e=document.title;#t=0;#n;start(e){if(this.#t!==0)return;let t=!0,n=()=>{document.title=t?`☎ ${e}`:this.#e,t=!t,Q()&&this.#r()};n(),this.#t=window.setInterval(n,1e3)}stop(){window.clearInterval(this.#t),this.#t=0,document.title=this.#e}#r(){let e=this.#n??=new AudioContext,[t,n]=[e.createOscillator(),e.createGain()];t.frequency.value=660,n.gain.setValueAtTime(.12,e.currentTime),n.gain.exponentialRampToValueAtTime(.001,e.currentTime+.35),t.connect(n).connect(e.destination),t.start(),t.stop(e.currentTime+.36)}},$=`staff`,ue=class extends l{static{this.styles=[b,se]}#e=M();#t=new y;#n=new le;#r;#i=new URLSearchParams(location.search).get($)??``;#a;#o=!1;#s=``;#c;#l;#u=[];#d=`connecting`;#f=``;connectedCallback(){super.connectedCallback(),this.#r=v(this.#t,()=>{this.requestUpdate()}),this.#_()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#j()}render(){return i`<onduty-top-bar .page=${`desk`} .freshness=${this.#g} .age=${this.#c?.age??0}>
        ${this.#l===void 0?r:i`<onduty-status-menu
                .staff=${this.#l}
                .reasons=${this.#u}
                .now=${this.#t.now()}
                @menu-open=${this.#S}
                @choose=${e=>void this.#C(e.detail)}
              ></onduty-status-menu>`}
      </onduty-top-bar>
      <main>${this.#p()}</main>
      <onduty-toasts></onduty-toasts>`}#p(){if(this.#o||this.#i===``&&this.#a!==void 0)return i`<onduty-sign-in
        .people=${this.#a??[]}
        .asks=${this.#o}
        .refusal=${this.#s}
        @person=${e=>{this.#O(e.detail)}}
        @signed-in=${()=>void this.#_()}
      ></onduty-sign-in>`;if(this.#l===void 0)return this.#f===``?r:this.#h();let e={staff:this.#l,reasons:this.#u,now:this.#t.now(),choose:e=>void this.#C(e),answer:e=>void this.#w(e),dial:e=>void this.#T(e)};return i`${this.#m()}
      <div class="columns ${this.#g===`live`?``:`old`}">
        <div class="column">${ae(e)} ${U(e)} ${oe(e)}</div>
        <div class="column">
          <onduty-colleagues .api=${this.#e} .staffId=${this.#i} .now=${this.#t.now()}></onduty-colleagues>
          <section class="card settings">
            <label><input type="checkbox" ?checked=${Q()} @change=${this.#M} />${D(`sound`)}</label>
            <button type="button" @click=${this.#A}>${D(`signOutPage`)}</button>
          </section>
        </div>
      </div>`}#m(){return this.#f===``?this.#g===`live`||this.#g===`connecting`?r:i`<p class="notice" role="status">${D(`deskStale`,{age:g(this.#c?.age??0)})}</p>`:this.#h()}#h(){return i`<p class="notice" role="alert">
      ${this.#f} <button type="button" @click=${this.#k}>${D(`takeHere`)}</button>
      <button type="button" @click=${this.#A}>${D(`signOutPage`)}</button>
    </p>`}get#g(){return this.#d===`live`&&this.#c?.isSilent===!0?`stale`:this.#d}async#_(){try{let e=await this.#e.server.whoAmI({},m);if(this.#o=!1,this.#i===``&&e.staffIds.length===1&&(this.#i=e.staffIds[0]??``),this.#i===``){this.#a=(await this.#e.router.listStaff({pageSize:1e3},m)).staff,this.requestUpdate();return}}catch(e){this.#v(u(e));return}this.#y()}#v(e){this.#o=t(e)||this.#i===``,this.#s=this.#o&&!t(e)?e.rawMessage:``,this.requestUpdate(),this.#o||this.#y()}#y(){this.#f=``,this.#c?.close(),this.#c=new B(this.#e,this.#i,{staff:e=>{this.#x(e)},left:()=>{this.#f=D(`gone`),this.#l=void 0,this.requestUpdate()},liveness:(e,t)=>{this.#b(e,t)}}),this.#S(),this.requestUpdate()}#b(e,n){e===`live`&&this.#d!==`live`&&(this.#t.set(this.#e).catch(()=>void 0),this.#S()),this.#d=e,e===`ended`&&n!==void 0&&(this.#o=t(n),this.#f=this.#o?``:n.rawMessage),this.requestUpdate()}#x(e){this.#l!==void 0&&e.revision<this.#l.revision&&e.personId===this.#l.personId||(this.#l=e,e.offer===void 0?this.#n.stop():this.#n.start(D(`offerTitle`)),this.requestUpdate())}#S=()=>{this.#e.workspace.listBreakReasons({pageSize:1e3},m).then(({breakReasons:e})=>{this.#u=e,this.requestUpdate()}).catch(()=>void 0)};async#C(e){let t={staffId:this.#i,requestId:d()},{workspace:n}=this.#e;await this.#E(()=>{switch(e.kind){case`reception`:return n.backToReception(t,m);case`continue`:return n.continueAfterCallWork(t,m);case`clear-next`:return n.clearNextStatus(t,m);case`next`:return n.setNextStatus({...t,choice:{status:e.status,breakReason:e.reason}},m);case`status`:return n.changeStatus({...t,choice:{status:e.status,breakReason:e.reason}},m)}})}async#w(e){let t=this.#l?.offer?.claimId;if(t===void 0)return;let n={staffId:this.#i,claimId:t,requestId:d()},{workspace:r}=this.#e;await this.#E(()=>e?r.acceptOffer(n,m):r.declineOffer(n,m))}async#T(e){e.preventDefault();let t=e.target,n=new FormData(t).get(`number`);if(typeof n!=`string`||n.trim()===``)return;let r={staffId:this.#i,callId:n.trim(),requestId:d()};await this.#E(()=>this.#e.workspace.placeCall(r,m))&&t.reset()}async#E(e){let t=this.#l?.status;try{let{staff:n}=await e();if(n!==void 0){this.#x(n);let e=C(n.status,O(n.breakReason,this.#u));n.status!==t&&this.#D?.add(D(`youAre`,{status:e}))}return!0}catch(e){return this.#D?.add(u(e).rawMessage,!0),!1}}get#D(){return this.renderRoot.querySelector(`onduty-toasts`)}#O(e){this.#i=e;let t=new URL(location.href);t.searchParams.set($,e),history.pushState(null,``,t),document.title=`${E({displayName:this.#a?.find(t=>t.staffId===e)?.displayName??``,staffId:e})} · Onduty`,this.#y()}#k=()=>{this.#y()};#A=()=>{this.#j(),fetch(`/sign-in`,{method:`DELETE`}).finally(()=>{let e=new URL(location.href);e.searchParams.delete($),location.href=e.href})};#j(){this.#c?.close(),this.#c=void 0,this.#n.stop()}#M=e=>{ce(e.target.checked)}};customElements.define(`onduty-desk`,ue);