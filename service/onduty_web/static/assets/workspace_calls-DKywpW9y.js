import{A as e,B as t,C as n,I as r,L as i,N as a,R as o,T as s,U as c,a as l,b as u,c as d,i as f,j as p,k as m,l as h,n as g,o as _,p as v,r as y,s as b,t as x,u as S,v as C,w,y as T}from"./menu_items-BRIIMAHy.js";var E=class extends CustomEvent{constructor(e){super(`choose`,{detail:e,bubbles:!0,composed:!0})}},D=class extends i{static{this.properties={staff:{attribute:!1},reasons:{attribute:!1},now:{type:Number},open:{type:Boolean,reflect:!0}}}static{this.styles=[y,c`
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
    `]}#e=``;#t=0;constructor(){super(),this.reasons=[],this.now=0,this.open=!1}connectedCallback(){super.connectedCallback(),document.addEventListener(`pointerdown`,this.#d)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`pointerdown`,this.#d)}render(){let e=this.staff;if(e===void 0)return o;let n=d(e.status,g(e.breakReason,this.reasons)),r=l(e);return t`<button
        id="avatar"
        type="button"
        class=${b(e.status)}
        aria-haspopup="menu"
        aria-expanded=${this.open?`true`:`false`}
        aria-controls="menu"
        @click=${this.#l}
        @keydown=${this.#f}
      >
        <span class="face" aria-hidden="true">${f(r)}${_(e.status)}</span>
        <span class="who"
          ><b>${r}</b
          ><span
            ><span class="status-word">${n}</span>
            <span class="quiet number" aria-hidden="true">${S(h(e,this.now))}</span></span
          ></span
        >
        <span class="visually-hidden">${v(`changeStatus`)}</span>
        <svg class="chevron" viewBox="0 0 12 8" aria-hidden="true">
          <path d="M1 1.5 6 6.5 11 1.5" fill="none" stroke="currentColor" stroke-width="2" />
        </svg>
      </button>
      <div id="menu" role="menu" aria-label=${v(`changeStatus`)} ?hidden=${!this.open} @keydown=${this.#p}>
        ${this.open?x(e,this.reasons).map((e,t)=>this.#n(e.label,e.items,t)):o}
      </div>`}#n(e,n,r){return t`<div class="group" role="group" aria-labelledby="group-${r}">
      <div class="heading" id="group-${r}" role="presentation">${e}</div>
      ${n.map(e=>this.#r(e))}
    </div>`}#r(e){let n=e.barred===``?e.hint:e.barred;return t`<div
      class="item ${e.status===void 0?``:b(e.status)}"
      data-id=${e.id}
      role=${e.checked===void 0?`menuitem`:`menuitemradio`}
      aria-checked=${e.checked===void 0?o:e.checked?`true`:`false`}
      aria-disabled=${e.barred===``?o:`true`}
      tabindex="-1"
      @click=${()=>{this.#h(e)}}
    >
      ${e.status===void 0?t`<span></span>`:_(e.status)}
      <span class="label">${e.label}</span>
      ${e.checked===!0?t`<span class="check" aria-hidden="true">✓</span>`:o}
      ${n===``?o:t`<span class="hint">${n}</span>`}
    </div>`}updated(e){e.has(`open`)&&this.open&&this.#a()===void 0&&this.#o(0)}get#i(){return[...this.renderRoot.querySelectorAll(`.item`)]}#a(){return this.#i.find(e=>e===this.shadowRoot?.activeElement)}#o(e){let t=this.#i;t[(e+t.length)%t.length]?.focus()}#s(e){this.dispatchEvent(new CustomEvent(`menu-open`,{bubbles:!0,composed:!0})),this.open=!0,this.#e=``,this.updateComplete.then(()=>{this.#o(e)})}#c(){this.open&&=(this.renderRoot.querySelector(`#avatar`)?.focus(),!1)}#l=()=>{this.open?this.#c():this.#s(this.#u())};#u(){if(this.staff===void 0||this.staff.status===e.AFTER_CALL_WORK)return 0;let t=x(this.staff,this.reasons).flatMap(e=>e.items);return Math.max(0,t.findIndex(e=>e.checked===!0))}#d=e=>{this.open&&!e.composedPath().includes(this)&&(this.open=!1)};#f=e=>{(e.key===`ArrowDown`||e.key===`ArrowUp`)&&(e.preventDefault(),this.#s(e.key===`ArrowDown`?0:-1))};#p=e=>{let t=this.#i,n=this.#a(),r=n===void 0?-1:t.indexOf(n);switch(e.key){case`ArrowDown`:this.#o(r+1);break;case`ArrowUp`:this.#o(r-1);break;case`Home`:this.#o(0);break;case`End`:this.#o(-1);break;case`Enter`:case` `:n?.click();break;case`Escape`:this.#c();break;case`Tab`:this.open=!1;return;default:e.key.length===1&&this.#m(e.key,t,r);return}e.preventDefault()};#m(e,t,n){let r=performance.now();this.#e=r-this.#t<700?this.#e+e:e,this.#t=r;let i=this.#e.length===1?n+1:Math.max(n,0),a=this.#e.toLocaleLowerCase(),o=[...t.slice(i),...t.slice(0,i)],s=e=>e.querySelector(`.label`)?.textContent.toLocaleLowerCase()??``;o.find(e=>s(e).startsWith(a))?.focus()}#h(e){e.barred===``&&e.choice!==void 0&&(this.#c(),e.checked!==!0&&this.dispatchEvent(new E(e.choice)))}};customElements.define(`onduty-status-menu`,D);var O=5,k=15e3,A=class{#e;#t;#n;#r;#i=new AbortController;#a;#o=Date.now();#s;#c=!1;constructor(e,t,n){this.#e=e,this.#t=t,this.#n=n;let r=`onduty/${e.tenant}/${t}`;this.#r=new BroadcastChannel(r),this.#r.onmessage=({data:e})=>{this.#f(e)},this.#r.postMessage({kind:`hello`}),this.#l(r)}get age(){return this.#a?.age??Math.max(0,Date.now()-this.#o)}get isSilent(){return this.age>k}again(){this.#c&&this.#u()}close(){this.#i.abort(),this.#a?.stop(),this.#r.close()}async#l(e){let{signal:t}=this.#i,n=async()=>{this.#c=!0,this.#u(),await new Promise(e=>{t.addEventListener(`abort`,()=>{e()})})},r=navigator.locks;r===void 0?await n():await r.request(e,{signal:t},n).catch(()=>void 0)}#u(){this.#a?.stop(),this.#a=new C({open:e=>this.#e.workspace.attach({staffId:this.#t,workspaceId:M(this.#t),userAgent:`Onduty desk`,bookmarkInterval:T(O)},{signal:e}),receive:({event:e})=>{this.#d(e)},changed:(e,t)=>{this.#p({kind:`liveness`,liveness:e}),this.#n.liveness(e,t)},isFinal:e=>n(e)||j.has(e.code),silenceMs:k})}#d(e){if(e.case!==`change`){this.#p({kind:`beat`});return}if(e.value.left){this.#p({kind:`left`}),this.#a?.stop(),this.#n.left();return}let t=e.value.staff;t!==void 0&&(this.#s=t,this.#p({kind:`staff`,bytes:p(m,t)}),this.#n.staff(t))}#f(e){if(e.kind===`hello`){if(!this.#c)return;this.#s!==void 0&&this.#p({kind:`staff`,bytes:p(m,this.#s)}),this.#a!==void 0&&this.#p({kind:`liveness`,liveness:this.#a.liveness})}else this.#c||((e.kind!==`liveness`||e.liveness===`live`)&&(this.#o=Date.now()),e.kind===`staff`?this.#n.staff(a(m,e.bytes)):e.kind===`left`?this.#n.left():e.kind===`liveness`&&this.#n.liveness(e.liveness,void 0))}#p(e){this.#i.signal.aborted||this.#r.postMessage(e)}},j=new Set([r.NotFound,r.PermissionDenied,r.InvalidArgument,r.Aborted]);function M(e){let t=`onduty-workspace-${e}`,n=localStorage.getItem(t);if(n!==null)return n;let r=`desk-${w()}`;return localStorage.setItem(t,r),r}async function N({workspace:e},t,n){let r={staffId:t,requestId:s()};switch(n.kind){case`reception`:return(await e.backToReception(r,u)).staff;case`continue`:return(await e.continueAfterCallWork(r,u)).staff;case`clear-next`:return(await e.clearNextStatus(r,u)).staff;case`next`:return(await e.setNextStatus({...r,choice:P(n)},u)).staff;case`status`:return(await e.changeStatus({...r,choice:P(n)},u)).staff}}function P({status:e,reason:t}){return{status:e,breakReason:t}}export{A as n,N as t};