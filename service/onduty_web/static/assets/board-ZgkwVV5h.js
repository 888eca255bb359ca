import{A as e,C as t,E as n,F as r,I as i,L as a,N as o,P as s,_ as c,b as l,c as u,d,f,g as p,h as m,i as h,k as g,l as _,o as v,p as y,r as b,s as x,t as S,u as C,v as w,x as T,y as E}from"./top_bar-CvxnL6Ht.js";var D=(e,t)=>{let n=Number(e??NaN);return Number.isFinite(n)&&n>=0?n:t};function O(e){let t=new URLSearchParams(e);return{group:t.get(`group`)??``,showsOffline:t.get(`offline`)===`1`,wrapUpSeconds:D(t.get(`acw`),60),callSeconds:D(t.get(`call`),600),breakSeconds:D(t.get(`break`),0),rows:t.get(`view`)===`rows`}}function k(e,t,n){let r=new URL(e);return n===``?r.searchParams.delete(t):r.searchParams.set(t,n),r.href}var A=a`
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
`,j=6e3,M=new Set([o.OutOfRange,o.InvalidArgument,o.FailedPrecondition,o.Aborted]),N=class{#e;#t;#n;#r;constructor(e,r){this.staff=new Map,this.isComplete=!1,this.#n=new Map,this.#r=``,this.#e=r,this.#t=new w({open:t=>{this.#n=new Map;let r={resumeAfter:this.#r,delivery:n.LATEST_PER_STAFF,bookmarkInterval:E(2)};return e.router.watchStaff(r,{signal:t})},receive:e=>{this.#i(e)},changed:(e,t)=>{t!==void 0&&M.has(t.code)&&(this.#r=``),e===`live`&&this.#e.live(),e===`ended`&&t!==void 0&&this.#e.ended(t),this.#e.changed()},isFinal:e=>t(e)||e.code===o.PermissionDenied,silenceMs:j})}get freshness(){let{liveness:e}=this.#t;return e===`ended`?e:this.isComplete?this.age>6e3?`stale`:e:`connecting`}get age(){return this.#t.age}all(){return[...this.staff.values()]}stop(){this.#t.stop()}#i({event:e,position:t}){if(e.case===`snapshotChunk`){for(let t of e.value.staff)this.#n.set(t.staffId,t);if(!e.value.last)return;this.staff=this.#n,this.isComplete=!0}else if(e.case===`changes`)for(let t of e.value.changes){let{staff:e}=t;e!==void 0&&(t.left?this.staff.delete(e.staffId):this.staff.set(e.staffId,e))}t!==``&&(this.#r=t),e.case!==`bookmark`&&this.#e.changed()}};function P(e,t,n){if(e.overdue)return`over`;let r=C(e,n),i=F(e,t);return i<=0?``:r>=i?`over`:r>=i/2?`half`:``}function F(e,t){switch(e.status){case g.AFTER_CALL_WORK:return t.wrapUpSeconds*1e3;case g.IN_LINE:return t.callSeconds*1e3;case g.ON_BREAK:{let{breakEndsAt:n,statusStartedAt:r}=e;return n!==void 0&&r!==void 0?c(n)-c(r):t.breakSeconds*1e3}default:return 0}}var I=[g.AVAILABLE,g.IN_LINE,g.AFTER_CALL_WORK,g.BUSY,g.ON_BREAK,g.OFFLINE],L=class extends s{static{this.styles=[h,A]}#e=T();#t=new m;#n;#r;#i=O(location.search);#a=[];#o;#s=!1;#c=``;connectedCallback(){super.connectedCallback(),this.#r=p(this.#t,()=>{this.requestUpdate()}),this.#h()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#n?.stop()}render(){let e=this.#l;return i`<onduty-top-bar .page=${`board`} .freshness=${e} .age=${this.#n?.age??0}>
        ${this.#o===void 0?r:i`<span class="paused" role="status">${y(`paused`)}</span>`}
        <button type="button" id="pause" @click=${this.#_}>
          ${y(this.#o===void 0?`pause`:`resume`)}
        </button>
        <button type="button" class="wide" @click=${this.#v}>${y(`fullScreen`)}</button>
        <button type="button" class="wide" @click=${S}>${y(`theme`)}</button>
      </onduty-top-bar>
      ${this.#s?this.#u():this.#d(e)}`}get#l(){return this.#n?.freshness??`connecting`}#u(){return i`<onduty-sign-in .asks=${!0} .refusal=${this.#c} @signed-in=${this.#h}></onduty-sign-in>`}#d(t){if(this.#n?.isComplete!==!0)return r;let n=this.#o?.at??this.#t.now(),a=this.#o?.staff??this.#n.all(),{group:o,showsOffline:s}=this.#i,c=a.filter(e=>o===``||e.skillGroups.some(({name:e})=>e===o)),l=c.filter(e=>s||e.status!==g.OFFLINE).sort(z),u=t===`stale`||t===`ended`;return i`<main class=${u?`old`:t}>
      <h1 class="visually-hidden">${y(`board`)}</h1>
      ${u?i`<p class="banner" role="alert">${y(`staleBanner`,{age:d(this.#n.age)})}</p>`:r}
      <ul class="counts" aria-label=${y(`total`)}>
        ${I.map(e=>this.#f(e,c))}
      </ul>
      ${this.#p(a)}
      <ul class="tiles ${this.#i.rows?`rows`:``}" aria-label=${y(`everybody`)}>
        ${e(l,({staffId:e})=>e,e=>this.#m(e,n))}
      </ul>
    </main>`}#f(e,t){let n=t.filter(t=>t.status===e).length,r=t.length===0?0:Math.round(100*n/t.length);return i`<li class=${u(e)} data-status=${u(e)}>
      <span class="count number">${n}</span>
      <span class="word">${x(e)} ${_(e)}</span>
      <span class="quiet number">${r} %</span>
    </li>`}#p(e){let t=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort();return i`<form
      class="filters"
      @change=${this.#y}
      @submit=${e=>{e.preventDefault()}}
    >
      <label
        >${y(`group`)}
        <select name="group">
          <option value="">${y(`filterAll`)}</option>
          ${t.map(e=>i`<option value=${e} ?selected=${e===this.#i.group}>${e}</option>`)}
        </select></label
      >
      <label
        ><input type="checkbox" name="offline" ?checked=${this.#i.showsOffline} />${y(`showOffline`)}</label
      >
    </form>`}#m(e,t){let n=P(e,this.#i,t),a=R(e,t);return i`<li class="tile ${u(e.status)} ${n}" data-staff=${e.staffId}>
      <span class="icon">${x(e.status)}</span>
      <b class="name">${v(e)}</b>
      <span class="time number">${d(C(e,t))}</span>
      <span class="word ${a===``?`alone`:``}"
        >${_(e.status,b(e.breakReason,this.#a))}</span
      >
      ${a===``?r:i`<span class="more number">${a}</span>`}
      ${n===`over`?i`<span class="flag">▲<span class="visually-hidden">${y(`breakOverdue`)}</span></span>`:r}
    </li>`}#h=()=>{this.#s=!1,this.#n?.stop(),this.#n=new N(this.#e,{changed:()=>{this.requestUpdate()},live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#g().catch(()=>void 0)},ended:e=>{this.#s=t(e)||e.code===o.PermissionDenied,this.#c=t(e)?``:y(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#g(){let e={pageSize:1e3,includeDisabled:!0};this.#a=(await this.#e.workspace.listBreakReasons(e,l)).breakReasons,this.requestUpdate()}#_=()=>{this.#o=this.#o===void 0?{staff:this.#n?.all()??[],at:this.#t.now()}:void 0,this.requestUpdate()};#v=()=>{document.fullscreenElement===null?document.documentElement.requestFullscreen():document.exitFullscreen()};#y=e=>{let t=new FormData(e.currentTarget),n=t.get(`group`),r=k(location.href,`group`,typeof n==`string`?n:``);r=k(r,`offline`,t.get(`offline`)===null?``:`1`),history.replaceState(null,``,r),this.#i=O(location.search),this.requestUpdate()}};function R(e,t){let n=e.wrapUp?.endsAt;return e.status===g.AFTER_CALL_WORK&&n!==void 0?`−${f(c(n)-t)}`:e.offer===void 0?e.calls[0]?.callId??``:`☎ ${e.offer.callId}`}function z(e,t){let n=I,r=n.indexOf(e.status)-n.indexOf(t.status);if(r!==0)return r;let[i,a]=[e,t].map(({statusStartedAt:e})=>e===void 0?0:c(e));return(i??0)-(a??0)||(e.staffId<t.staffId?-1:1)}customElements.define(`onduty-board`,L);