import{A as e,B as t,C as n,H as r,L as i,R as a,_ as o,b as s,c,d as l,f as u,g as d,h as f,i as p,j as m,l as h,o as g,p as _,r as v,s as y,t as b,u as x,x as S,z as C}from"./top_bar-CA0n_95q.js";import{t as w}from"./floor-DOxi4YUj.js";var T=(e,t)=>{let n=Number(e??NaN);return Number.isFinite(n)&&n>=0?n:t};function E(e){let t=new URLSearchParams(e);return{group:t.get(`group`)??``,showsOffline:t.get(`offline`)===`1`,wrapUpSeconds:T(t.get(`acw`),60),callSeconds:T(t.get(`call`),600),breakSeconds:T(t.get(`break`),0),rows:t.get(`view`)===`rows`}}function D(e,t,n){let r=new URL(e);return n===``?r.searchParams.delete(t):r.searchParams.set(t,n),r.href}var O=r`
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
`;function k(e,t,n){if(e.overdue)return`over`;let r=x(e,n),i=A(e,t);return i<=0?``:r>=i?`over`:r>=i/2?`half`:``}function A(t,n){switch(t.status){case e.AFTER_CALL_WORK:return n.wrapUpSeconds*1e3;case e.IN_LINE:return n.callSeconds*1e3;case e.ON_BREAK:{let{breakEndsAt:e,statusStartedAt:r}=t;return e!==void 0&&r!==void 0?o(e)-o(r):n.breakSeconds*1e3}default:return 0}}var j=[e.AVAILABLE,e.IN_LINE,e.AFTER_CALL_WORK,e.BUSY,e.ON_BREAK,e.OFFLINE],M=class extends a{static{this.styles=[p,O]}#e=S();#t=new f;#n;#r;#i=E(location.search);#a=[];#o;#s=!1;#c=``;connectedCallback(){super.connectedCallback(),this.#r=d(this.#t,()=>{this.requestUpdate()}),this.#h()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#n?.stop()}render(){let e=this.#l;return t`<onduty-top-bar .page=${`board`} .freshness=${e} .age=${this.#n?.age??0}>
        ${this.#o===void 0?C:t`<span class="paused" role="status">${_(`paused`)}</span>`}
        <button type="button" id="pause" @click=${this.#_}>
          ${_(this.#o===void 0?`pause`:`resume`)}
        </button>
        <button type="button" class="wide" @click=${this.#v}>${_(`fullScreen`)}</button>
        <button type="button" class="wide" @click=${b}>${_(`theme`)}</button>
      </onduty-top-bar>
      ${this.#s?this.#u():this.#d(e)}`}get#l(){return this.#n?.freshness??`connecting`}#u(){return t`<onduty-sign-in .asks=${!0} .refusal=${this.#c} @signed-in=${this.#h}></onduty-sign-in>`}#d(n){if(this.#n?.isComplete!==!0)return C;let r=this.#o?.at??this.#t.now(),i=this.#o?.staff??this.#n.all(),{group:a,showsOffline:o}=this.#i,s=i.filter(e=>a===``||e.skillGroups.some(({name:e})=>e===a)),c=s.filter(t=>o||t.status!==e.OFFLINE).sort(P),u=n===`stale`||n===`ended`;return t`<main class=${u?`old`:n}>
      <h1 class="visually-hidden">${_(`board`)}</h1>
      ${u?t`<p class="banner" role="alert">${_(`staleBanner`,{age:l(this.#n.age)})}</p>`:C}
      <ul class="counts" aria-label=${_(`total`)}>
        ${j.map(e=>this.#f(e,s))}
      </ul>
      ${this.#p(i)}
      <ul class="tiles ${this.#i.rows?`rows`:``}" aria-label=${_(`everybody`)}>
        ${m(c,({staffId:e})=>e,e=>this.#m(e,r))}
      </ul>
    </main>`}#f(e,n){let r=n.filter(t=>t.status===e).length,i=n.length===0?0:Math.round(100*r/n.length);return t`<li class=${c(e)} data-status=${c(e)}>
      <span class="count number">${r}</span>
      <span class="word">${y(e)} ${h(e)}</span>
      <span class="quiet number">${i} %</span>
    </li>`}#p(e){let n=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort();return t`<form
      class="filters"
      @change=${this.#y}
      @submit=${e=>{e.preventDefault()}}
    >
      <label
        >${_(`group`)}
        <select name="group">
          <option value="">${_(`filterAll`)}</option>
          ${n.map(e=>t`<option value=${e} ?selected=${e===this.#i.group}>${e}</option>`)}
        </select></label
      >
      <label
        ><input type="checkbox" name="offline" ?checked=${this.#i.showsOffline} />${_(`showOffline`)}</label
      >
    </form>`}#m(e,n){let r=k(e,this.#i,n),i=N(e,n);return t`<li class="tile ${c(e.status)} ${r}" data-staff=${e.staffId}>
      <span class="icon">${y(e.status)}</span>
      <b class="name">${g(e)}</b>
      <span class="time number">${l(x(e,n))}</span>
      <span class="word ${i===``?`alone`:``}"
        >${h(e.status,v(e.breakReason,this.#a))}</span
      >
      ${i===``?C:t`<span class="more number">${i}</span>`}
      ${r===`over`?t`<span class="flag">▲<span class="visually-hidden">${_(`breakOverdue`)}</span></span>`:C}
    </li>`}#h=()=>{this.#s=!1,this.#n?.stop(),this.#n=new w(this.#e,{changed:()=>{this.requestUpdate()},live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#g().catch(()=>void 0)},ended:e=>{this.#s=n(e)||e.code===i.PermissionDenied,this.#c=n(e)?``:_(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#g(){let e={pageSize:1e3,includeDisabled:!0};this.#a=(await this.#e.workspace.listBreakReasons(e,s)).breakReasons,this.requestUpdate()}#_=()=>{this.#o=this.#o===void 0?{staff:this.#n?.all()??[],at:this.#t.now()}:void 0,this.requestUpdate()};#v=()=>{document.fullscreenElement===null?document.documentElement.requestFullscreen():document.exitFullscreen()};#y=e=>{let t=new FormData(e.currentTarget),n=t.get(`group`),r=D(location.href,`group`,typeof n==`string`?n:``);r=D(r,`offline`,t.get(`offline`)===null?``:`1`),history.replaceState(null,``,r),this.#i=E(location.search),this.requestUpdate()}};function N(t,n){let r=t.wrapUp?.endsAt;return t.status===e.AFTER_CALL_WORK&&r!==void 0?`−${u(o(r)-n)}`:t.offer===void 0?t.calls[0]?.callId??``:`☎ ${t.offer.callId}`}function P(e,t){let n=j,r=n.indexOf(e.status)-n.indexOf(t.status);if(r!==0)return r;let[i,a]=[e,t].map(({statusStartedAt:e})=>e===void 0?0:o(e));return(i??0)-(a??0)||(e.staffId<t.staffId?-1:1)}customElements.define(`onduty-board`,M);