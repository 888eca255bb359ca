import{n as e,t}from"./top_bar-BbBV1ZyY.js";import{A as n,B as r,C as i,I as a,L as o,R as s,U as c,_ as l,a as u,b as d,c as f,f as p,g as m,h,l as g,n as _,o as v,p as y,r as b,s as x,u as S,x as C}from"./menu_items-QIS3rhjf.js";import{t as w}from"./floor-CXAk8Kh-.js";var T=(e,t)=>{let n=Number(e??NaN);return Number.isFinite(n)&&n>=0?n:t};function E(e){let t=new URLSearchParams(e);return{group:t.get(`group`)??``,showsOffline:t.get(`offline`)===`1`,wrapUpSeconds:T(t.get(`acw`),60),callSeconds:T(t.get(`call`),600),breakSeconds:T(t.get(`break`),0),rows:t.get(`view`)===`rows`}}function D(e,t,n){let r=new URL(e);return n===``?r.searchParams.delete(t):r.searchParams.set(t,n),r.href}var O=c`
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
`;function k(e,t,n){if(e.overdue)return`over`;let r=g(e,n),i=A(e,t);return i<=0?``:r>=i?`over`:r>=i/2?`half`:``}function A(e,t){switch(e.status){case n.AFTER_CALL_WORK:return t.wrapUpSeconds*1e3;case n.IN_LINE:return t.callSeconds*1e3;case n.ON_BREAK:{let{breakEndsAt:n,statusStartedAt:r}=e;return n!==void 0&&r!==void 0?l(n)-l(r):t.breakSeconds*1e3}default:return 0}}var j=[n.AVAILABLE,n.IN_LINE,n.AFTER_CALL_WORK,n.BUSY,n.ON_BREAK,n.OFFLINE],M=class extends o{static{this.styles=[b,O]}#e=C();#t=new h;#n;#r;#i=E(location.search);#a=[];#o;#s=!1;#c=``;connectedCallback(){super.connectedCallback(),this.#r=m(this.#t,()=>{this.requestUpdate()}),this.#h()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#n?.stop()}render(){let e=this.#l;return r`<onduty-top-bar .page=${`board`} .freshness=${e} .age=${this.#n?.age??0}>
        ${this.#o===void 0?s:r`<span class="paused" role="status">${y(`paused`)}</span>`}
        <button type="button" id="pause" @click=${this.#_}>
          ${y(this.#o===void 0?`pause`:`resume`)}
        </button>
        <button type="button" class="wide" @click=${this.#v}>${y(`fullScreen`)}</button>
        <button type="button" class="wide" @click=${t}>${y(`theme`)}</button>
      </onduty-top-bar>
      ${this.#s?this.#u():this.#d(e)}`}get#l(){return this.#n?.freshness??`connecting`}#u(){return r`<onduty-sign-in .asks=${!0} .refusal=${this.#c} @signed-in=${this.#h}></onduty-sign-in>`}#d(t){if(this.#n?.isComplete!==!0)return s;let i=this.#o?.at??this.#t.now(),a=this.#o?.staff??this.#n.all(),{group:o,showsOffline:c}=this.#i,l=a.filter(e=>o===``||e.skillGroups.some(({name:e})=>e===o)),u=l.filter(e=>c||e.status!==n.OFFLINE).sort(P),d=t===`stale`||t===`ended`;return r`<main class=${d?`old`:t}>
      <h1 class="visually-hidden">${y(`board`)}</h1>
      ${d?r`<p class="banner" role="alert">${y(`staleBanner`,{age:S(this.#n.age)})}</p>`:s}
      <ul class="counts" aria-label=${y(`total`)}>
        ${j.map(e=>this.#f(e,l))}
      </ul>
      ${this.#p(a)}
      <ul class="tiles ${this.#i.rows?`rows`:``}" aria-label=${y(`everybody`)}>
        ${e(u,({staffId:e})=>e,e=>this.#m(e,i))}
      </ul>
    </main>`}#f(e,t){let n=t.filter(t=>t.status===e).length,i=t.length===0?0:Math.round(100*n/t.length);return r`<li class=${x(e)} data-status=${x(e)}>
      <span class="count number">${n}</span>
      <span class="word">${v(e)} ${f(e)}</span>
      <span class="quiet number">${i} %</span>
    </li>`}#p(e){let t=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort();return r`<form
      class="filters"
      @change=${this.#y}
      @submit=${e=>{e.preventDefault()}}
    >
      <label
        >${y(`group`)}
        <select name="group">
          <option value="">${y(`filterAll`)}</option>
          ${t.map(e=>r`<option value=${e} ?selected=${e===this.#i.group}>${e}</option>`)}
        </select></label
      >
      <label
        ><input type="checkbox" name="offline" ?checked=${this.#i.showsOffline} />${y(`showOffline`)}</label
      >
    </form>`}#m(e,t){let n=k(e,this.#i,t),i=N(e,t);return r`<li class="tile ${x(e.status)} ${n}" data-staff=${e.staffId}>
      <span class="icon">${v(e.status)}</span>
      <b class="name">${u(e)}</b>
      <span class="time number">${S(g(e,t))}</span>
      <span class="word ${i===``?`alone`:``}"
        >${f(e.status,_(e.breakReason,this.#a))}</span
      >
      ${i===``?s:r`<span class="more number">${i}</span>`}
      ${n===`over`?r`<span class="flag">▲<span class="visually-hidden">${y(`breakOverdue`)}</span></span>`:s}
    </li>`}#h=()=>{this.#s=!1,this.#n?.stop(),this.#n=new w(this.#e,{changed:()=>{this.requestUpdate()},live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#g().catch(()=>void 0)},ended:e=>{this.#s=i(e)||e.code===a.PermissionDenied,this.#c=i(e)?``:y(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#g(){let e={pageSize:1e3,includeDisabled:!0};this.#a=(await this.#e.workspace.listBreakReasons(e,d)).breakReasons,this.requestUpdate()}#_=()=>{this.#o=this.#o===void 0?{staff:this.#n?.all()??[],at:this.#t.now()}:void 0,this.requestUpdate()};#v=()=>{document.fullscreenElement===null?document.documentElement.requestFullscreen():document.exitFullscreen()};#y=e=>{let t=new FormData(e.currentTarget),n=t.get(`group`),r=D(location.href,`group`,typeof n==`string`?n:``);r=D(r,`offline`,t.get(`offline`)===null?``:`1`),history.replaceState(null,``,r),this.#i=E(location.search),this.requestUpdate()}};function N(e,t){let r=e.wrapUp?.endsAt;return e.status===n.AFTER_CALL_WORK&&r!==void 0?`−${p(l(r)-t)}`:e.offer===void 0?e.calls[0]?.callId??``:`☎ ${e.offer.callId}`}function P(e,t){let n=j,r=n.indexOf(e.status)-n.indexOf(t.status);if(r!==0)return r;let[i,a]=[e,t].map(({statusStartedAt:e})=>e===void 0?0:l(e));return(i??0)-(a??0)||(e.staffId<t.staffId?-1:1)}customElements.define(`onduty-board`,M);