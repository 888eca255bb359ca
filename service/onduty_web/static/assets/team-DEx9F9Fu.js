import{n as e,t}from"./top_bar-BbBV1ZyY.js";import{A as n,B as r,C as i,D as a,F as o,H as s,I as c,L as l,M as u,P as d,R as f,S as p,T as m,U as h,_ as g,a as _,b as v,c as y,g as b,h as x,l as S,m as C,n as w,o as T,p as E,r as D,s as O,u as k,x as A}from"./menu_items-QIS3rhjf.js";import"./toasts-WegqHTao.js";import{t as j}from"./floor-CXAk8Kh-.js";function M(e){let t=Math.floor(e/1e3);return d(u,{seconds:o.parse(t),nanos:(e-t*1e3)*1e6})}var N=h`
  dialog {
    width: min(38rem, calc(100vw - 2rem));
    max-height: calc(100vh - 3rem);
    padding: 1.3rem 1.5rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--raised);
    color: var(--text);
    box-shadow: 0 20px 60px #0006;
  }
  dialog::backdrop {
    background: #0a121899;
  }
  h2 {
    font-size: 1.2rem;
    letter-spacing: -0.01em;
  }
  .actions {
    display: flex;
    justify-content: flex-end;
    gap: 0.6rem;
  }
`,P=200,F=1e3,I=a,L=class extends l{static{this.properties={api:{attribute:!1},clock:{attribute:!1},reasons:{attribute:!1}}}static{this.styles=[D,N,h`
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 1rem;
        margin-bottom: 1rem;
      }
      .line {
        display: block;
        width: 100%;
        height: 1.8rem;
        border-radius: 8px;
        background: var(--sunken);
      }
      .line rect {
        fill: var(--status);
      }
      .line rect.offline {
        fill: none;
      }
      .scale {
        display: flex;
        justify-content: space-between;
        font-size: 0.8rem;
        margin: 0.25rem 0 1rem;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: max-content 1.2rem 1fr;
        gap: 0 0.7rem;
        padding: 0.5rem 0;
        border-top: 1px solid var(--line);
      }
      li .shape {
        color: var(--status);
        margin-top: 0.2rem;
      }
      small {
        display: block;
        color: var(--quiet);
        overflow-wrap: anywhere;
      }
    `]}#e;#t;#n=``;show(e){this.#e=e,this.#t=void 0,this.#n=``,this.requestUpdate(),this.renderRoot.querySelector(`dialog`)?.showModal(),this.#o(e)}render(){let e=this.#e===void 0?``:_(this.#e);return r`<dialog aria-labelledby="title">
      <div class="head">
        <h2 id="title">${E(`historyOf`,{name:e})}</h2>
        <button type="button" @click=${this.#s}>${E(`close`)}</button>
      </div>
      ${this.#n===``?f:r`<p role="alert">${this.#n}</p>`}
      ${this.#t===void 0?f:this.#r(this.#t)}
    </dialog>`}#r(e){return e.length===0?r`<p class="quiet">${E(`historyNone`)}</p>`:r`${this.#i(e)}
      <ol>
        ${e.map(e=>this.#a(e))}
      </ol>`}#i(e){let t=this.clock.now(),n=e[e.length-1],i=Math.min(n?.changedAt===void 0?t:g(n.changedAt),t-6e4),a=e=>F*(e-i)/(t-i),o=t,c=e.map(e=>{let t=e.changedAt===void 0?i:g(e.changedAt),n=Math.max(a(o)-a(t),1);return o=t,s`<rect class=${O(e.status)} x=${a(t)} width=${n} height="1"/>`});return r`<svg class="line" viewBox="0 0 ${F} 1" preserveAspectRatio="none" aria-hidden="true">
        ${c}
      </svg>
      <div class="scale quiet number"><span>${C(i)}</span><span>${C(t)}</span></div>`}#a(e){let t=[(I[e.cause]??``).toLowerCase().replaceAll(`_`,` `),e.actor?.id??``,e.callId,e.note].filter(e=>e!==``).join(` · `);return r`<li class=${O(e.status)}>
      <span class="number">${e.changedAt===void 0?``:C(g(e.changedAt),!0)}</span>
      ${T(e.status)}
      <span
        ><b>${y(e.status,w(e.breakReason,this.reasons))}</b><small>${t}</small></span
      >
    </li>`}async#o(e){let t=new Date(this.clock.now()).setHours(0,0,0,0);try{let n={staffIds:[e.staffId],startsAt:M(t),statusChangesOnly:!0},r=await this.api.history.listTransitions({filter:n,pageSize:P,newestFirst:!0},v);this.#t=r.transitions}catch(e){this.#n=p(e).rawMessage}this.requestUpdate()}#s=()=>{this.renderRoot.querySelector(`dialog`)?.close()}};customElements.define(`onduty-history-dialog`,L);var R=[n.AVAILABLE,n.BUSY,n.ON_BREAK,n.OFFLINE],z=class extends l{static{this.properties={reasons:{attribute:!1}}}static{this.styles=[D,N,h`
      form {
        display: grid;
        gap: 0.9rem;
      }
      label.field {
        display: grid;
        gap: 0.3rem;
        font-weight: 600;
      }
      label.check {
        display: flex;
        gap: 0.5rem;
        align-items: center;
      }
    `]}#e=0;constructor(){super(),this.reasons=[]}show(e){this.#e=e,this.requestUpdate(),this.renderRoot.querySelector(`dialog`)?.showModal()}render(){let e=(e,t,n=``)=>r`<option value=${`${e}/${n}`}>${t}</option>`;return r`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.#n}>
        <h2 id="title">${E(`setStatus`)} · ${E(`selected`,{count:this.#e})}</h2>
        <label class="field"
          >${E(`status`)}<select name="choice">
            ${e(n.AVAILABLE,E(`available`))} ${e(n.BUSY,E(`busy`))}
            ${this.reasons.map(t=>e(n.ON_BREAK,`${E(`onBreak`)}: ${t.displayName}`,t.code))}
            ${e(n.OFFLINE,E(`offline`))}
          </select></label
        >
        <label class="field">${E(`note`)}<textarea name="note" rows="2" maxlength="1000" required></textarea></label>
        <label class="check"><input type="checkbox" name="immediately" />${E(`immediately`)}</label>
        <div class="actions">
          <button type="button" @click=${this.#t}>${E(`cancel`)}</button>
          <button type="submit" class="primary" id="apply">${E(`apply`)}</button>
        </div>
      </form>
    </dialog>`}#t=()=>{this.renderRoot.querySelector(`dialog`)?.close()};#n=e=>{let t=e.target,r=new FormData(t),i=e=>{let t=r.get(e);return typeof t==`string`?t:``},[a,o]=i(`choice`).split(`/`),s={status:R.find(e=>String(e)===a)??n.UNSPECIFIED,reason:o??``,note:i(`note`),immediately:r.get(`immediately`)!==null};this.dispatchEvent(new CustomEvent(`forced`,{detail:s})),t.reset()}};customElements.define(`onduty-status-dialog`,z);var B=h`
  main {
    padding: clamp(0.75rem, 2vw, 1.5rem);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
  }
  main.old .scrolls {
    filter: grayscale(1);
    opacity: 0.6;
  }
  .notice {
    padding: 0.7rem 1rem;
    border-radius: 12px;
    background: var(--danger);
    color: var(--on-danger);
    font-weight: 700;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    align-items: center;
  }
  .tools input {
    flex: 1 1 14rem;
    max-width: 22rem;
  }
  .actions {
    margin-inline-start: auto;
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    align-items: center;
  }
  .scrolls {
    position: relative; /* what is visually hidden in it must not make the page wider. */
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 0.5rem 0.8rem;
    text-align: start;
    vertical-align: middle;
  }
  thead th {
    border-bottom: 1px solid var(--line);
    background: var(--sunken);
  }
  thead th:first-child {
    border-start-start-radius: var(--radius);
  }
  thead th:last-child {
    border-start-end-radius: var(--radius);
  }
  tbody tr + tr {
    border-top: 1px solid var(--line);
  }
  tbody tr:hover {
    background: color-mix(in srgb, var(--sunken) 60%, transparent);
  }
  tr.selected {
    background: color-mix(in srgb, var(--accent) 12%, transparent);
  }
  .check {
    width: 2.6rem;
  }
  tbody th {
    font-weight: 600;
  }
  small {
    display: block;
    font-weight: 400;
    font-size: 0.82rem;
  }
  .status {
    display: inline-flex;
    gap: 0.5rem;
    align-items: center;
    white-space: nowrap;
  }
  .status .shape {
    color: var(--status);
  }
  .sort {
    border: 0;
    background: none;
    padding: 0.2rem 0.3rem;
    margin-inline-start: -0.3rem;
    min-height: 2rem;
    white-space: nowrap;
    font-weight: 650;
    color: var(--quiet);
  }
  th[aria-sort="ascending"] .sort,
  th[aria-sort="descending"] .sort {
    color: var(--text);
  }
  .tag {
    display: inline-block;
    margin: 0.1rem 0.3rem 0.1rem 0;
    padding: 0.05rem 0.55rem;
    border-radius: 99px;
    border: 1px solid var(--line);
    font-size: 0.86rem;
    background: var(--card);
  }
  .overdue {
    color: var(--danger);
    font-weight: 650;
  }
  .last {
    text-align: end;
  }
  .small {
    min-height: 2rem;
    padding: 0.15rem 0.7rem;
    font-size: 0.9rem;
  }
`,V=[`person`,`status`,`inStatus`,`groups`],H=class extends l{static{this.styles=[D,B]}#e=A();#t=new x;#n;#r;#i=[];#a=new Set;#o={by:`person`,descends:!1};#s=``;#c=``;#l=!1;#u=``;connectedCallback(){super.connectedCallback(),this.#r=b(this.#t,()=>{this.requestUpdate()}),this.#T()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#n?.stop()}render(){return r`<onduty-top-bar
        .page=${`team`}
        .freshness=${this.#n?.freshness??`connecting`}
        .age=${this.#n?.age??0}
      >
        <button type="button" @click=${t}>${E(`theme`)}</button>
      </onduty-top-bar>
      ${this.#l?r`<onduty-sign-in .asks=${!0} .refusal=${this.#u} @signed-in=${this.#T}></onduty-sign-in>`:this.#d()}
      <onduty-status-dialog
        .reasons=${this.#i}
        @forced=${e=>void this.#x(e.detail)}
      ></onduty-status-dialog>
      <onduty-history-dialog .api=${this.#e} .clock=${this.#t} .reasons=${this.#i}></onduty-history-dialog>
      <onduty-toasts></onduty-toasts>`}#d(){if(this.#n?.isComplete!==!0)return f;let e=this.#n.all(),t=this.#_(e.filter(e=>this.#g(e))),n=this.#n.freshness===`stale`||this.#n.freshness===`ended`;return r`<main class=${n?`old`:``}>
      <h1 class="visually-hidden">${E(`team`)}</h1>
      ${n?r`<p class="notice" role="alert">${E(`staleBanner`,{age:k(this.#n.age)})}</p>`:f}
      ${this.#f(e)} ${this.#p(t)}
    </main>`}#f(e){let t=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort(),{size:n}=this.#a;return r`<div class="tools">
      <label class="visually-hidden" for="search">${E(`search`)}</label>
      <input
        id="search"
        type="search"
        placeholder=${E(`search`)}
        @input=${e=>{this.#s=e.target.value,this.requestUpdate()}}
      />
      <label class="visually-hidden" for="group">${E(`group`)}</label>
      <select
        id="group"
        @change=${e=>{this.#c=e.target.value,this.requestUpdate()}}
      >
        <option value="">${E(`filterAll`)}</option>
        ${t.map(t=>r`<option value=${t}>${t} (${e.filter(e=>q(e,t)).length})</option>`)}
      </select>
      <div class="actions">
        <span class="quiet number" role="status">${n>0?E(`selected`,{count:n}):f}</span>
        <button type="button" id="set-status" class="primary" ?disabled=${n===0} @click=${this.#b}>
          ${E(`setStatus`)}
        </button>
        <button type="button" id="reset" ?disabled=${n===0} title=${E(`resetHint`)} @click=${this.#S}>
          ${E(`reset`)}
        </button>
      </div>
    </div>`}#p(t){let n=t.length>0&&t.every(({staffId:e})=>this.#a.has(e));return r`<div class="card scrolls" tabindex="0" role="region" aria-label=${E(`team`)}>
      <table>
        <thead>
          <tr>
            <th class="check">
              <input
                type="checkbox"
                aria-label=${E(`select`,{name:E(`everybody`)})}
                .checked=${n}
                @change=${()=>{this.#y(n?[]:t.map(({staffId:e})=>e))}}
              />
            </th>
            ${V.map(e=>this.#m(e))}
            <th><span class="visually-hidden">${E(`history`)}</span></th>
          </tr>
        </thead>
        <tbody>
          ${e(t,({staffId:e})=>e,e=>this.#h(e))}
        </tbody>
      </table>
    </div>`}#m(e){let{by:t,descends:n}=this.#o,i=t===e?n?`descending`:`ascending`:`none`,a=t===e?n?`▼`:`▲`:``;return r`<th aria-sort=${i} scope="col">
      <button
        type="button"
        class="sort"
        @click=${()=>{this.#o={by:e,descends:t===e&&!n},this.requestUpdate()}}
      >
        ${E(e)} <span aria-hidden="true">${a}</span>
      </button>
    </th>`}#h(e){let t=_(e),n=this.#a.has(e.staffId),i=e.calls[0];return r`<tr class="${O(e.status)} ${n?`selected`:``}" data-staff=${e.staffId}>
      <td class="check">
        <input
          type="checkbox"
          aria-label=${E(`select`,{name:t})}
          .checked=${n}
          @change=${()=>{this.#v(e.staffId)}}
        />
      </td>
      <th scope="row">${t}<small class="quiet">${e.staffId}</small></th>
      <td>
        <span class="status"
          >${T(e.status)}<span class="status-word"
            >${y(e.status,w(e.breakReason,this.#i))}</span
          ></span
        >
        ${i===void 0?f:r`<small class="quiet">${i.callId}</small>`}
        ${e.next===void 0?f:r`<small class="quiet"
                >${E(`next`)}:
                ${y(e.next.status,w(e.next.breakReason,this.#i))}</small
              >`}
      </td>
      <td class="number">
        ${k(S(e,this.#t.now()))}${e.overdue?r` <span class="overdue">▲ ${E(`breakOverdue`)}</span>`:f}
      </td>
      <td>
        ${e.skillGroups.map(e=>r`<span class="tag">${e.name}${e.level>0?` ${e.level}`:``}</span>`)}
      </td>
      <td class="last">
        <button
          type="button"
          class="small"
          aria-label=${E(`historyOf`,{name:t})}
          @click=${()=>{this.renderRoot.querySelector(`onduty-history-dialog`)?.show(e)}}
        >
          ${E(`history`)}
        </button>
      </td>
    </tr>`}#g(e){let t=this.#s.trim().toLocaleLowerCase();return`${e.displayName} ${e.staffId}`.toLocaleLowerCase().includes(t)&&(this.#c===``||q(e,this.#c))}#_(e){let{by:t,descends:n}=this.#o,r=n?-1:1,i=(e,t)=>_(e).localeCompare(_(t))||(e.staffId<t.staffId?-1:1);return e.sort((e,n)=>r*G[t](e,n)||i(e,n))}#v(e){let t=new Set(this.#a);t.delete(e)||t.add(e),this.#y(t)}#y(e){this.#a=new Set(e),this.requestUpdate()}#b=()=>{this.renderRoot.querySelector(`onduty-status-dialog`)?.show(this.#a.size)};async#x({status:e,reason:t,note:n,immediately:r}){let i=[...this.#a],a=i.map(i=>({staffId:i,note:n,immediately:r,choice:{status:e,breakReason:t}}));try{let{results:e}=await this.#e.supervisor.batchForceStatus({requests:a,requestId:m()},v),t=e.flatMap(({result:e},t)=>{let n=this.#C(i[t]??``);return e.case===`error`&&this.#w?.add(E(`refused`,{name:n,reason:e.value.message}),!0),e.case===`taken`?E(`done`,{name:n,status:y(e.value.status)}):[]});t.length>0&&this.#w?.add(t.join(` · `)),this.#y([])}catch(e){this.#w?.add(p(e).rawMessage,!0)}}#S=async()=>{for(let e of this.#a){let t=this.#C(e);try{let{staff:n}=await this.#e.supervisor.resetStaff({staffId:e,requestId:m()},v);n!==void 0&&this.#w?.add(E(`done`,{name:t,status:y(n.status)}))}catch(e){this.#w?.add(E(`refused`,{name:t,reason:p(e).rawMessage}),!0)}}this.#y([])};#C(e){let t=this.#n?.staff.get(e);return t===void 0?e:_(t)}get#w(){return this.renderRoot.querySelector(`onduty-toasts`)}#T=()=>{this.#l=!1,this.#n?.stop(),this.#n=new j(this.#e,{changed:()=>{this.requestUpdate()},live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#E().catch(()=>void 0)},ended:e=>{this.#l=i(e)||e.code===c.PermissionDenied,this.#u=i(e)?``:E(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#E(){this.#i=(await this.#e.workspace.listBreakReasons({pageSize:1e3},v)).breakReasons,this.requestUpdate()}},U=e=>e.statusStartedAt===void 0?0:g(e.statusStartedAt),W=e=>e.skillGroups.map(({name:e})=>e).join(),G={person:(e,t)=>_(e).localeCompare(_(t)),status:(e,t)=>K(e.status)-K(t.status),inStatus:(e,t)=>U(e)-U(t),groups:(e,t)=>W(e).localeCompare(W(t))};function K(e){return e===n.OFFLINE?99:e}function q(e,t){return e.skillGroups.some(({name:e})=>e===t)}customElements.define(`onduty-team`,H);