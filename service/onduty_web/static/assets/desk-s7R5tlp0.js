import{n as e}from"./top_bar-BEI2BPSd.js";import{A as t,B as n,C as r,I as i,L as a,O as o,R as s,S as c,T as l,U as u,_ as d,a as f,b as p,c as m,f as h,g,h as _,i as v,l as y,m as b,n as x,o as S,p as C,r as w,s as T,u as E,v as D,x as O,y as k}from"./menu_items-BRIIMAHy.js";import{n as A,t as j}from"./workspace_calls-DKywpW9y.js";import"./toasts-Btx_oST5.js";var M=5,N=class extends a{static{this.properties={api:{attribute:!1},staffId:{attribute:!1},now:{type:Number}}}static{this.styles=[w,u`
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
    `]}#e=new Map;#t=new Map;#n;#r=``;constructor(){super(),this.now=0}connectedCallback(){super.connectedCallback(),document.addEventListener(`visibilitychange`,this.#a),this.#a()}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`visibilitychange`,this.#a),this.#o()}render(){let t=[...this.#e.values()].sort((e,t)=>P(e)-P(t)||f(e).localeCompare(f(t)));return n`<section class="card" aria-labelledby="title">
      <h2 id="title">${C(`colleagues`)}</h2>
      ${this.#r===``&&t.length>0?s:n`<p class="quiet">${this.#r||C(`colleaguesNone`)}</p>`}
      <ul>
        ${e(t,({staffId:e})=>e,e=>this.#i(e))}
      </ul>
    </section>`}#i(e){return n`<li class=${T(e.status)} data-staff=${e.staffId}>
      <span class="face" aria-hidden="true">${v(f(e))}${S(e.status)}</span>
      <span class="name"
        >${f(e)}<small
          >${m(e.status)} <span class="number">${E(y(e,this.now))}</span></small
        ></span
      >
      <span class="open">${e.openToTransfers?C(`openToTransfers`):s}</span>
    </li>`}#a=()=>{this.#o(),document.visibilityState===`visible`&&(this.#n=new D({open:e=>{this.#t=new Map;let t={staffId:this.staffId,bookmarkInterval:k(M)};return this.api.workspace.watchColleagues(t,{signal:e})},receive:({event:e})=>{this.#s(e)},changed:(e,t)=>{this.#r=t?.code===i.FailedPrecondition?C(`colleaguesHidden`):``,this.requestUpdate()},isFinal:e=>r(e)||[i.FailedPrecondition,i.NotFound,i.PermissionDenied].includes(e.code),silenceMs:15e3}))};#o(){this.#n?.stop(),this.#n=void 0}#s(e){if(e.case===`snapshotChunk`){for(let t of e.value.colleagues)this.#t.set(t.staffId,t);e.value.last&&(this.#e=this.#t)}else if(e.case===`changes`)for(let{colleague:t,left:n}of e.value.changes)t!==void 0&&(n?this.#e.delete(t.staffId):this.#e.set(t.staffId,t));else return;this.requestUpdate()}};function P(e){return e.openToTransfers?0:e.status===t.OFFLINE?2:1}customElements.define(`onduty-colleagues`,N);function F(e){let{staff:r,reasons:i,now:a}=e;return n`<section class="card status ${T(r.status)}" aria-label=${C(`status`)}>
    <div class="now">
      <span class="big-shape">${S(r.status)}</span>
      <div>
        <h1 class="status-word">${m(r.status,x(r.breakReason,i))}</h1>
        <p class="quiet">${I(e)}</p>
      </div>
      <div class="time number" role="timer" aria-live="off">${E(y(r,a))}</div>
    </div>
    ${r.status===t.AFTER_CALL_WORK?R(e):s}
    ${r.status===t.OFFLINE?z(e):s} ${r.calls.length>0?V(r,a):s}
    ${r.next===void 0?s:B(e)}
  </section>`}function I({staff:e,now:n}){switch(e.status){case t.AVAILABLE:return e.connection?.offlineAt===void 0?e.holdOffEndsAt!==void 0&&d(e.holdOffEndsAt)>n?C(`holdOff`,{length:h(d(e.holdOffEndsAt)-n)}):C(`waiting`):C(`waitingGrace`);case t.BUSY:return C(`busyNow`);case t.ON_BREAK:return e.overdue?C(`breakOverdue`):e.breakEndsAt===void 0?C(`breakHint`):C(`breakUntil`,{time:b(d(e.breakEndsAt))});case t.IN_LINE:return C(`inCall`);case t.AFTER_CALL_WORK:return L(e);default:return C(`signInHint`)}}function L(e){let{endsAt:t,cappedAt:n}=e.wrapUp??{};return t===void 0?n===void 0?C(`openEnded`):C(`endsAtLatest`,{time:b(d(n))}):``}function R(e){let{startedAt:t,endsAt:r}=e.staff.wrapUp??{},i=r===void 0?0:Math.max(0,d(r)-e.now),a=r===void 0||t===void 0?1:d(r)-d(t);return n`${r===void 0?s:n`<div class="countdown">
            <progress max=${a} value=${i} aria-label=${C(`acw`)}></progress>
            <span class="number" id="countdown" role="timer" aria-live="off"
              ><b>${h(Math.min(i,a))}</b> ${C(`secondsLeft`)}</span
            >
          </div>`}
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="reception"
        @click=${()=>{e.choose({kind:`reception`})}}
      >
        ${C(`backToReception`)}
      </button>
      <button
        type="button"
        id="continue"
        aria-disabled=${r===void 0?`true`:s}
        title=${r===void 0?C(`countdownStopped`):s}
        @click=${()=>{r!==void 0&&e.choose({kind:`continue`})}}
      >
        ${C(`continueAcw`)}
      </button>
    </div>`}function z(e){return n`<div class="actions">
    <button
      class="primary"
      type="button"
      id="become-available"
      @click=${()=>{e.choose({kind:`status`,status:t.AVAILABLE,reason:``})}}
    >
      ${C(`becomeAvailable`)}
    </button>
  </div>`}function B(e){let{next:r}=e.staff,i=m(r?.status??t.UNSPECIFIED,x(r?.breakReason??``,e.reasons));return n`<div class="next">
    <span>${C(`afterwardsSet`,{status:i})}</span>
    <button
      type="button"
      @click=${()=>{e.choose({kind:`clear-next`})}}
    >
      ${C(`takeBack`)}
    </button>
  </div>`}function V(e,t){return n`<ul class="calls" aria-label=${C(`calls`)}>
    ${e.calls.map(e=>n`<li>
          <b>${e.callId}</b><span class="tag">${U(e.direction)}</span>${e.onHold?n`<span class="tag">${C(`onHold`)}</span>`:s}<span class="number quiet">${H(e,t)}</span>
        </li>`)}
  </ul>`}function H(e,t){return e.startedAt===void 0?``:E(t-d(e.startedAt))}function U(e){switch(e){case o.OUTBOUND:return C(`outbound`);case o.INTERNAL:return C(`internal`);case o.TRANSFER:return C(`transfer`);default:return C(`inbound`)}}function W(e){let{offer:t}=e.staff;if(t===void 0)return s;let r=t.expiresAt===void 0?0:Math.max(0,d(t.expiresAt)-e.now),i=t.expiresAt===void 0||t.offeredAt===void 0?1:d(t.expiresAt)-d(t.offeredAt);return n`<section class="card offer" aria-labelledby="offer-title">
    <div class="ring" aria-hidden="true">
      <svg viewBox="0 0 24 24">
        <path
          d="M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1 11.4 11.4 0 0 0 .57 3.6 1 1 0 0 1-.25 1z"
          fill="currentColor"
        />
      </svg>
    </div>
    <div class="offer-text">
      <h2 id="offer-title" role="alert">${C(`offerTitle`)}</h2>
      <p>${C(`offerFrom`,{call:t.callId,direction:U(t.direction)})}</p>
    </div>
    <div class="actions">
      <button
        class="primary"
        type="button"
        id="accept"
        @click=${()=>{e.answer(!0)}}
      >
        ${C(`accept`)}
      </button>
      <button
        type="button"
        id="decline"
        @click=${()=>{e.answer(!1)}}
      >
        ${C(`decline`)} <span class="number quiet">${h(Math.min(r,i))}</span>
      </button>
    </div>
    <progress max=${i} value=${r} aria-label=${C(`offerTitle`)}></progress>
  </section>`}function G(e){let{staff:t}=e,r=t.capabilities?.dialOut===!0,i=r?``:C(`dialNotNow`,{status:m(t.status)});return n`<section class="card dial" aria-labelledby="dial-title">
    <h2 id="dial-title">${C(`dialOut`)}</h2>
    <form
      @submit=${t=>{e.dial(t)}}
    >
      <label class="visually-hidden" for="number">${C(`dialHint`)}</label>
      <input
        id="number"
        name="number"
        maxlength="128"
        autocomplete="off"
        placeholder=${C(`dialHint`)}
        ?disabled=${!r}
        required
      />
      <button type="submit" ?disabled=${!r} aria-describedby=${r?s:`dial-why`}>${C(`dial`)}</button>
    </form>
    ${r?s:n`<p class="quiet" id="dial-why">${i}</p>`}
  </section>`}var K=u`
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
`,q=`onduty-sound`;function J(){return localStorage.getItem(q)===`yes`}function Y(e){localStorage.setItem(q,e?`yes`:`no`)}var X=class{#e=document.title;#t=0;#n;start(e){if(this.#t!==0)return;let t=!0,n=()=>{document.title=t?`☎ ${e}`:this.#e,t=!t,J()&&this.#r()};n(),this.#t=window.setInterval(n,1e3)}stop(){window.clearInterval(this.#t),this.#t=0,document.title=this.#e}#r(){let e=this.#n??=new AudioContext,[t,n]=[e.createOscillator(),e.createGain()];t.frequency.value=660,n.gain.setValueAtTime(.12,e.currentTime),n.gain.exponentialRampToValueAtTime(.001,e.currentTime+.35),t.connect(n).connect(e.destination),t.start(),t.stop(e.currentTime+.36)}},Z=`staff`,Q=class extends a{static{this.styles=[w,K]}#e=O();#t=new _;#n=new X;#r;#i=new URLSearchParams(location.search).get(Z)??``;#a;#o=!1;#s=``;#c;#l;#u=[];#d=`connecting`;#f=``;connectedCallback(){super.connectedCallback(),this.#r=g(this.#t,()=>{this.requestUpdate()}),this.#_()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#j()}render(){return n`<onduty-top-bar
        .page=${`desk`}
        .freshness=${this.#c===void 0?void 0:this.#g}
        .age=${this.#c?.age??0}
      >
        ${this.#l===void 0?s:n`<onduty-status-menu
                .staff=${this.#l}
                .reasons=${this.#u}
                .now=${this.#t.now()}
                @menu-open=${this.#S}
                @choose=${e=>void this.#C(e.detail)}
              ></onduty-status-menu>`}
      </onduty-top-bar>
      <main>${this.#p()}</main>
      <onduty-toasts></onduty-toasts>`}#p(){if(this.#o||this.#i===``&&this.#a!==void 0)return n`<onduty-sign-in
        .people=${this.#a??[]}
        .asks=${this.#o}
        .refusal=${this.#s}
        @person=${e=>{this.#O(e.detail)}}
        @signed-in=${()=>void this.#_()}
      ></onduty-sign-in>`;if(this.#l===void 0)return this.#f===``?s:this.#h();let e={staff:this.#l,reasons:this.#u,now:this.#t.now(),choose:e=>void this.#C(e),answer:e=>void this.#w(e),dial:e=>void this.#T(e)};return n`${this.#m()}
      <div class="columns ${this.#g===`live`?``:`old`}">
        <div class="column">${W(e)} ${F(e)} ${G(e)}</div>
        <div class="column">
          <onduty-colleagues .api=${this.#e} .staffId=${this.#i} .now=${this.#t.now()}></onduty-colleagues>
          <section class="card settings">
            <label><input type="checkbox" ?checked=${J()} @change=${this.#M} />${C(`sound`)}</label>
            <button type="button" @click=${this.#A}>${C(`signOutPage`)}</button>
          </section>
        </div>
      </div>`}#m(){return this.#f===``?this.#g===`live`||this.#g===`connecting`?s:n`<p class="notice" role="status">${C(`deskStale`,{age:E(this.#c?.age??0)})}</p>`:this.#h()}#h(){return n`<p class="notice" role="alert">
      ${this.#f} <button type="button" @click=${this.#k}>${C(`takeHere`)}</button>
      <button type="button" @click=${this.#A}>${C(`signOutPage`)}</button>
    </p>`}get#g(){return this.#d===`live`&&this.#c?.isSilent===!0?`stale`:this.#d}async#_(){try{let e=await this.#e.server.whoAmI({},p);if(this.#o=!1,this.#i===``&&e.staffIds.length===1&&(this.#i=e.staffIds[0]??``),this.#i===``){this.#a=(await this.#e.router.listStaff({pageSize:1e3},p)).staff,this.requestUpdate();return}}catch(e){this.#v(c(e));return}this.#y()}#v(e){this.#o=r(e)||this.#i===``,this.#s=this.#o&&!r(e)?e.rawMessage:``,this.requestUpdate(),this.#o||this.#y()}#y(){this.#f=``,this.#c?.close(),this.#c=new A(this.#e,this.#i,{staff:e=>{this.#x(e)},left:()=>{this.#f=C(`gone`),this.#l=void 0,this.requestUpdate()},liveness:(e,t)=>{this.#b(e,t)}}),this.#S(),this.requestUpdate()}#b(e,t){e===`live`&&this.#d!==`live`&&(this.#t.set(this.#e).catch(()=>void 0),this.#S()),this.#d=e,e===`ended`&&t!==void 0&&(this.#o=r(t),this.#f=this.#o?``:t.code===i.Aborted?C(`replaced`):t.rawMessage),this.requestUpdate()}#x(e){this.#l!==void 0&&e.revision<this.#l.revision&&e.personId===this.#l.personId||(this.#l=e,e.offer===void 0?this.#n.stop():this.#n.start(C(`offerTitle`)),this.requestUpdate())}#S=()=>{this.#e.workspace.listBreakReasons({pageSize:1e3},p).then(({breakReasons:e})=>{this.#u=e,this.requestUpdate()}).catch(()=>void 0)};async#C(e){await this.#E(async()=>({staff:await j(this.#e,this.#i,e)}))}async#w(e){let t=this.#l?.offer?.claimId;if(t===void 0)return;let n={staffId:this.#i,claimId:t,requestId:l()},{workspace:r}=this.#e;await this.#E(()=>e?r.acceptOffer(n,p):r.declineOffer(n,p))}async#T(e){e.preventDefault();let t=e.target,n=new FormData(t).get(`number`);if(typeof n!=`string`||n.trim()===``)return;let r={staffId:this.#i,callId:n.trim(),requestId:l()};await this.#E(()=>this.#e.workspace.placeCall(r,p))&&t.reset()}async#E(e){let t=this.#l?.status;try{let{staff:n}=await e();if(n!==void 0){this.#x(n);let e=m(n.status,x(n.breakReason,this.#u));n.status!==t&&this.#D?.add(C(`youAre`,{status:e}))}return!0}catch(e){return this.#D?.add(c(e).rawMessage,!0),!1}}get#D(){return this.renderRoot.querySelector(`onduty-toasts`)}#O(e){this.#i=e;let t=new URL(location.href);t.searchParams.set(Z,e),history.pushState(null,``,t),document.title=`${f({displayName:this.#a?.find(t=>t.staffId===e)?.displayName??``,staffId:e})} · Onduty`,this.#y()}#k=()=>{this.#y()};#A=()=>{this.#j(),fetch(`/sign-in`,{method:`DELETE`}).finally(()=>{let e=new URL(location.href);e.searchParams.delete(Z),location.href=e.href})};#j(){this.#c?.close(),this.#c=void 0,this.#n.stop()}#M=e=>{Y(e.target.checked)}};customElements.define(`onduty-desk`,Q);