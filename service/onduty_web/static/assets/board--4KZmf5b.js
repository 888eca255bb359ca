import{i as e,n as t,r as n,t as r}from"./top_bar-BEI2BPSd.js";import{A as i,B as a,C as o,I as s,L as c,R as l,U as u,_ as d,a as f,b as p,c as m,f as h,g,h as _,l as v,n as y,o as b,p as x,r as S,s as C,u as w,x as T,z as E}from"./menu_items-BRIIMAHy.js";import{n as D,t as O}from"./soon-Bv2lxcIe.js";var k={},A=n(class extends e{constructor(){super(...arguments),this.ot=k}render(e,t){return t()}update(e,[t,n]){if(Array.isArray(t)){if(Array.isArray(this.ot)&&this.ot.length===t.length&&t.every((e,t)=>e===this.ot[t]))return E}else if(this.ot===t)return E;return this.ot=Array.isArray(t)?Array.from(t):t,this.render(t,n)}}),j=(e,t)=>{let n=Number(e??NaN);return Number.isFinite(n)&&n>=0?n:t};function M(e){let t=new URLSearchParams(e);return{group:t.get(`group`)??``,showsOffline:t.get(`offline`)===`1`,wrapUpSeconds:j(t.get(`acw`),60),callSeconds:j(t.get(`call`),600),breakSeconds:j(t.get(`break`),0),rows:t.get(`view`)===`rows`}}function N(e,t,n){let r=new URL(e);return n===``?r.searchParams.delete(t):r.searchParams.set(t,n),r.href}var P=u`
  main {
    padding: clamp(0.6rem, 1.5vw, 1.5rem);
    display: grid;
    gap: clamp(0.6rem, 1.2vw, 1.1rem);
    min-height: calc(100vh - 4rem);
    align-content: start;
  }
  /* What is old cannot be taken for live: a frame, stripes, no colours. */
  main.old {
    outline: 10px solid var(--danger);
    outline-offset: -10px;
    padding-block-start: 1.6rem;
    background: repeating-linear-gradient(
      135deg,
      transparent 0 26px,
      color-mix(in srgb, var(--danger) 12%, transparent) 26px 52px
    );
  }
  main.reconnecting {
    outline: 6px dashed var(--break);
    outline-offset: -6px;
  }
  main.old .counts,
  main.old .tiles {
    filter: grayscale(1);
    opacity: 0.55;
  }
  .banner {
    padding: 0.8rem 1.2rem;
    border-radius: 12px;
    background: var(--danger);
    color: var(--on-danger);
    font-size: clamp(1.3rem, 3.4vw, 2.6rem);
    font-weight: 750;
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  .paused {
    padding: 0.2rem 0.7rem;
    border-radius: 99px;
    background: var(--warn-ground);
    color: var(--warn-text);
    font-weight: 650;
  }
  .counts {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
    gap: clamp(0.5rem, 1vw, 1rem);
  }
  .counts li {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: baseline;
    padding: 0.7rem 1rem 0.8rem;
    background: var(--card);
    border: 1px solid var(--line);
    border-block-start: 6px solid var(--status);
    border-radius: var(--radius);
  }
  .counts .count {
    font-size: clamp(2.2rem, 4.6vw, 4.2rem);
    font-weight: 750;
    line-height: 1.05;
    letter-spacing: -0.03em;
  }
  .counts .word {
    grid-column: 1 / -1;
    color: var(--status);
    font-weight: 650;
    font-size: clamp(0.95rem, 1.3vw, 1.2rem);
  }
  .counts .quiet {
    grid-row: 1;
    grid-column: 2;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem 1.4rem;
    align-items: center;
  }
  .filters label {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    font-weight: 550;
  }
  .tiles {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(15.5rem, 1fr));
    gap: clamp(0.4rem, 0.8vw, 0.8rem);
  }
  .tile {
    contain: layout paint;
    content-visibility: auto; /* of several hundred, only those in sight are drawn. */
    contain-intrinsic-block-size: auto 4.5rem;
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 0 0.75rem;
    align-items: center;
    padding: 0.65rem 0.9rem;
    background: color-mix(in srgb, var(--status) 9%, var(--card));
    border: 1px solid color-mix(in srgb, var(--status) 34%, var(--line));
    border-inline-start: 6px solid var(--status);
    border-radius: 12px;
  }
  .tile .icon {
    grid-row: 1 / 3;
  }
  .tile .shape {
    width: 1.7rem;
    height: 1.7rem;
    color: var(--status);
    display: block;
  }
  .tile .name {
    font-size: 1.08rem;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tile .time {
    font-size: 1.25rem;
    font-weight: 650;
    text-align: end;
  }
  .tile .word {
    grid-column: 2;
    color: var(--status);
    font-weight: 600;
    font-size: 0.92rem;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tile .word.alone {
    grid-column: 2 / -1;
  }
  .tile .more {
    color: var(--quiet);
    font-size: 0.9rem;
    text-align: end;
    max-width: 8rem;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tile.half {
    border-color: var(--break);
    border-width: 2px 2px 2px 6px;
    border-inline-start-color: var(--status);
  }
  .tile.over {
    background: var(--danger);
    border-color: var(--danger);
    color: var(--on-danger);
  }
  .tile.over .shape,
  .tile.over .word,
  .tile.over .more,
  .tile.over .time {
    color: inherit;
  }
  .tile.over .shape .mark {
    stroke: var(--danger);
  }
  .flag {
    position: absolute;
    inset-block-start: 0.1rem;
    inset-inline-end: 0.35rem;
    font-size: 0.8rem;
  }
  .tiles.rows {
    grid-template-columns: minmax(0, 1fr);
    gap: 0.25rem;
  }
  .rows .tile {
    grid-template-columns: auto minmax(8rem, 1fr) minmax(8rem, 1fr) 8rem 6rem;
  }
  .rows .tile .icon {
    grid-row: 1;
  }
  .rows .tile .word {
    grid-column: 3;
    grid-row: 1;
  }
  .rows .tile .more {
    grid-column: 4;
  }
  .rows .tile .time {
    grid-column: 5;
    grid-row: 1;
  }
  @media (max-width: 44rem) {
    .wide {
      display: none;
    }
  }
`;function F(e,t,n){if(e.overdue)return`over`;let r=v(e,n),i=I(e,t);return i<=0?``:r>=i?`over`:r>=i/2?`half`:``}function I(e,t){switch(e.status){case i.AFTER_CALL_WORK:return t.wrapUpSeconds*1e3;case i.IN_LINE:return t.callSeconds*1e3;case i.ON_BREAK:{let{breakEndsAt:n,statusStartedAt:r}=e;return n!==void 0&&r!==void 0?d(n)-d(r):t.breakSeconds*1e3}default:return 0}}var L=[i.AVAILABLE,i.IN_LINE,i.AFTER_CALL_WORK,i.BUSY,i.ON_BREAK,i.OFFLINE],R=class extends c{static{this.styles=[S,P]}#e=T();#t=new _;#n=O(()=>{this.requestUpdate()});#r;#i;#a=M(location.search);#o=[];#s;#c=!1;#l=``;connectedCallback(){super.connectedCallback(),this.#i=g(this.#t,()=>{this.requestUpdate()}),this.#g()}disconnectedCallback(){super.disconnectedCallback(),this.#i?.(),this.#r?.stop()}render(){let e=this.#u;return a`<onduty-top-bar .page=${`board`} .freshness=${e} .age=${this.#r?.age??0}>
        ${this.#s===void 0?l:a`<span class="paused" role="status">${x(`paused`)}</span>`}
        <button type="button" id="pause" @click=${this.#v}>
          ${x(this.#s===void 0?`pause`:`resume`)}
        </button>
        <button type="button" class="wide" @click=${this.#y}>${x(`fullScreen`)}</button>
        <button type="button" class="wide" @click=${r}>${x(`theme`)}</button>
      </onduty-top-bar>
      ${this.#c?this.#d():this.#f(e)}`}get#u(){return this.#r?.freshness??`connecting`}#d(){return a`<onduty-sign-in .asks=${!0} .refusal=${this.#l} @signed-in=${this.#g}></onduty-sign-in>`}#f(e){if(this.#r?.isComplete!==!0)return l;let n=this.#s?.at??this.#t.now(),r=this.#s?.staff??this.#r.all(),{group:o,showsOffline:s}=this.#a,c=r.filter(e=>o===``||e.skillGroups.some(({name:e})=>e===o)),u=c.filter(e=>s||e.status!==i.OFFLINE).sort(B),d=e===`stale`||e===`ended`;return a`<main class=${d?`old`:e}>
      <h1 class="visually-hidden">${x(`board`)}</h1>
      ${d?a`<p class="banner" role="alert">${x(`staleBanner`,{age:w(this.#r.age)})}</p>`:l}
      <ul class="counts" aria-label=${x(`total`)}>
        ${L.map(e=>this.#p(e,c))}
      </ul>
      ${this.#m(r)}
      <ul class="tiles ${this.#a.rows?`rows`:``}" aria-label=${x(`everybody`)}>
        ${t(u,({staffId:e})=>e,e=>A([e,Math.floor(v(e,n)/1e3),this.#a,this.#o],()=>this.#h(e,n)))}
      </ul>
    </main>`}#p(e,t){let n=t.filter(t=>t.status===e).length,r=t.length===0?0:Math.round(100*n/t.length);return a`<li class=${C(e)} data-status=${C(e)}>
      <span class="count number">${n}</span>
      <span class="word">${b(e)} ${m(e)}</span>
      <span class="quiet number">${r} %</span>
    </li>`}#m(e){let t=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort();return a`<form
      class="filters"
      @change=${this.#b}
      @submit=${e=>{e.preventDefault()}}
    >
      <label
        >${x(`group`)}
        <select name="group">
          <option value="">${x(`filterAll`)}</option>
          ${t.map(e=>a`<option value=${e} ?selected=${e===this.#a.group}>${e}</option>`)}
        </select></label
      >
      <label
        ><input type="checkbox" name="offline" ?checked=${this.#a.showsOffline} />${x(`showOffline`)}</label
      >
    </form>`}#h(e,t){let n=F(e,this.#a,t),r=z(e,t);return a`<li class="tile ${C(e.status)} ${n}" data-staff=${e.staffId}>
      <span class="icon">${b(e.status)}</span>
      <b class="name">${f(e)}</b>
      <span class="time number">${w(v(e,t))}</span>
      <span class="word ${r===``?`alone`:``}"
        >${m(e.status,y(e.breakReason,this.#o))}</span
      >
      ${r===``?l:a`<span class="more number">${r}</span>`}
      ${n===`over`?a`<span class="flag">▲<span class="visually-hidden">${x(`breakOverdue`)}</span></span>`:l}
    </li>`}#g=()=>{this.#c=!1,this.#r?.stop(),this.#r=new D(this.#e,{changed:this.#n,live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#_().catch(()=>void 0)},ended:e=>{this.#c=o(e)||e.code===s.PermissionDenied,this.#l=o(e)?``:x(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#_(){let e={pageSize:1e3,includeDisabled:!0};this.#o=(await this.#e.workspace.listBreakReasons(e,p)).breakReasons,this.requestUpdate()}#v=()=>{this.#s=this.#s===void 0?{staff:this.#r?.all()??[],at:this.#t.now()}:void 0,this.requestUpdate()};#y=()=>{document.fullscreenElement===null?document.documentElement.requestFullscreen():document.exitFullscreen()};#b=e=>{let t=new FormData(e.currentTarget),n=t.get(`group`),r=N(location.href,`group`,typeof n==`string`?n:``);r=N(r,`offline`,t.get(`offline`)===null?``:`1`),history.replaceState(null,``,r),this.#a=M(location.search),this.requestUpdate()}};function z(e,t){let n=e.wrapUp?.endsAt;return e.status===i.AFTER_CALL_WORK&&n!==void 0?`−${h(d(n)-t)}`:e.offer===void 0?e.calls[0]?.callId??``:`☎ ${e.offer.callId}`}function B(e,t){let n=L,r=n.indexOf(e.status)-n.indexOf(t.status);if(r!==0)return r;let[i,a]=[e,t].map(({statusStartedAt:e})=>e===void 0?0:d(e));return(i??0)-(a??0)||(e.staffId<t.staffId?-1:1)}customElements.define(`onduty-board`,R);