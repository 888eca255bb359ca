import{n as e,t}from"./top_bar-BEI2BPSd.js";import{A as n,B as r,C as i,D as a,F as o,H as s,I as c,L as l,M as u,P as d,R as f,S as p,T as m,U as h,_ as g,a as _,b as v,c as y,g as b,h as x,l as S,m as C,n as w,o as T,p as E,r as D,s as O,u as k,x as A}from"./menu_items-BRIIMAHy.js";import"./toasts-Btx_oST5.js";import{n as j,t as M}from"./soon-Bv2lxcIe.js";function N(e){let t=Math.floor(e/1e3);return d(u,{seconds:o.parse(t),nanos:(e-t*1e3)*1e6})}var P=h`
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
`,F=200,I=1e3,L=a,R=class extends l{static{this.properties={api:{attribute:!1},clock:{attribute:!1},reasons:{attribute:!1}}}static{this.styles=[D,P,h`
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
      </ol>`}#i(e){let t=this.clock.now(),n=e[e.length-1],i=Math.min(n?.changedAt===void 0?t:g(n.changedAt),t-6e4),a=e=>I*(e-i)/(t-i),o=t,c=e.map(e=>{let t=e.changedAt===void 0?i:g(e.changedAt),n=Math.max(a(o)-a(t),1);return o=t,s`<rect class=${O(e.status)} x=${a(t)} width=${n} height="1"/>`});return r`<svg class="line" viewBox="0 0 ${I} 1" preserveAspectRatio="none" aria-hidden="true">
        ${c}
      </svg>
      <div class="scale quiet number"><span>${C(i)}</span><span>${C(t)}</span></div>`}#a(e){let t=[(L[e.cause]??``).toLowerCase().replaceAll(`_`,` `),e.actor?.id??``,e.callId,e.note].filter(e=>e!==``).join(` · `);return r`<li class=${O(e.status)}>
      <span class="number">${e.changedAt===void 0?``:C(g(e.changedAt),!0)}</span>
      ${T(e.status)}
      <span
        ><b>${y(e.status,w(e.breakReason,this.reasons))}</b><small>${t}</small></span
      >
    </li>`}async#o(e){let t=new Date(this.clock.now()).setHours(0,0,0,0);try{let n={staffIds:[e.staffId],startsAt:N(t),statusChangesOnly:!0},r=await this.api.history.listTransitions({filter:n,pageSize:F,newestFirst:!0},v);this.#t=r.transitions}catch(e){this.#n=p(e).rawMessage}this.requestUpdate()}#s=()=>{this.renderRoot.querySelector(`dialog`)?.close()}};customElements.define(`onduty-history-dialog`,R);var z=[n.AVAILABLE,n.BUSY,n.ON_BREAK,n.OFFLINE],B=class extends l{static{this.properties={reasons:{attribute:!1}}}static{this.styles=[D,P,h`
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
    </dialog>`}#t=()=>{this.renderRoot.querySelector(`dialog`)?.close()};#n=e=>{let t=e.target,r=new FormData(t),i=e=>{let t=r.get(e);return typeof t==`string`?t:``},[a,o]=i(`choice`).split(`/`),s={status:z.find(e=>String(e)===a)??n.UNSPECIFIED,reason:o??``,note:i(`note`),immediately:r.get(`immediately`)!==null};this.dispatchEvent(new CustomEvent(`forced`,{detail:s})),t.reset()}};customElements.define(`onduty-status-dialog`,B);var V=h`
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
`,H=[`person`,`status`,`inStatus`,`groups`],U=class extends l{static{this.styles=[D,V]}#e=A();#t=new x;#n=M(()=>{this.requestUpdate()});#r;#i;#a=[];#o=new Set;#s={by:`person`,descends:!1};#c=``;#l=``;#u=!1;#d=``;connectedCallback(){super.connectedCallback(),this.#i=b(this.#t,()=>{this.requestUpdate()}),this.#E()}disconnectedCallback(){super.disconnectedCallback(),this.#i?.(),this.#r?.stop()}render(){return r`<onduty-top-bar
        .page=${`team`}
        .freshness=${this.#r?.freshness??`connecting`}
        .age=${this.#r?.age??0}
      >
        <button type="button" @click=${t}>${E(`theme`)}</button>
      </onduty-top-bar>
      ${this.#u?r`<onduty-sign-in .asks=${!0} .refusal=${this.#d} @signed-in=${this.#E}></onduty-sign-in>`:this.#f()}
      <onduty-status-dialog
        .reasons=${this.#a}
        @forced=${e=>void this.#S(e.detail)}
      ></onduty-status-dialog>
      <onduty-history-dialog .api=${this.#e} .clock=${this.#t} .reasons=${this.#a}></onduty-history-dialog>
      <onduty-toasts></onduty-toasts>`}#f(){if(this.#r?.isComplete!==!0)return f;let e=this.#r.all(),t=this.#v(e.filter(e=>this.#_(e))),n=this.#r.freshness===`stale`||this.#r.freshness===`ended`;return r`<main class=${n?`old`:``}>
      <h1 class="visually-hidden">${E(`team`)}</h1>
      ${n?r`<p class="notice" role="alert">${E(`staleBanner`,{age:k(this.#r.age)})}</p>`:f}
      ${this.#p(e)} ${this.#m(t)}
    </main>`}#p(e){let t=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort(),{size:n}=this.#o;return r`<div class="tools">
      <label class="visually-hidden" for="search">${E(`search`)}</label>
      <input
        id="search"
        type="search"
        placeholder=${E(`search`)}
        @input=${e=>{this.#c=e.target.value,this.requestUpdate()}}
      />
      <label class="visually-hidden" for="group">${E(`group`)}</label>
      <select
        id="group"
        @change=${e=>{this.#l=e.target.value,this.requestUpdate()}}
      >
        <option value="">${E(`filterAll`)}</option>
        ${t.map(t=>r`<option value=${t}>${t} (${e.filter(e=>J(e,t)).length})</option>`)}
      </select>
      <div class="actions">
        <span class="quiet number" role="status">${n>0?E(`selected`,{count:n}):f}</span>
        <button type="button" id="set-status" class="primary" ?disabled=${n===0} @click=${this.#x}>
          ${E(`setStatus`)}
        </button>
        <button type="button" id="reset" ?disabled=${n===0} title=${E(`resetHint`)} @click=${this.#C}>
          ${E(`reset`)}
        </button>
      </div>
    </div>`}#m(t){let n=t.length>0&&t.every(({staffId:e})=>this.#o.has(e));return r`<div class="card scrolls" tabindex="0" role="region" aria-label=${E(`team`)}>
      <table>
        <thead>
          <tr>
            <th class="check">
              <input
                type="checkbox"
                aria-label=${E(`select`,{name:E(`everybody`)})}
                .checked=${n}
                @change=${()=>{this.#b(n?[]:t.map(({staffId:e})=>e))}}
              />
            </th>
            ${H.map(e=>this.#h(e))}
            <th><span class="visually-hidden">${E(`history`)}</span></th>
          </tr>
        </thead>
        <tbody>
          ${e(t,({staffId:e})=>e,e=>this.#g(e))}
        </tbody>
      </table>
    </div>`}#h(e){let{by:t,descends:n}=this.#s,i=t===e?n?`descending`:`ascending`:`none`,a=t===e?n?`▼`:`▲`:``;return r`<th aria-sort=${i} scope="col">
      <button
        type="button"
        class="sort"
        @click=${()=>{this.#s={by:e,descends:t===e&&!n},this.requestUpdate()}}
      >
        ${E(e)} <span aria-hidden="true">${a}</span>
      </button>
    </th>`}#g(e){let t=_(e),n=this.#o.has(e.staffId),i=e.calls[0];return r`<tr class="${O(e.status)} ${n?`selected`:``}" data-staff=${e.staffId}>
      <td class="check">
        <input
          type="checkbox"
          aria-label=${E(`select`,{name:t})}
          .checked=${n}
          @change=${()=>{this.#y(e.staffId)}}
        />
      </td>
      <th scope="row">${t}<small class="quiet">${e.staffId}</small></th>
      <td>
        <span class="status"
          >${T(e.status)}<span class="status-word"
            >${y(e.status,w(e.breakReason,this.#a))}</span
          ></span
        >
        ${i===void 0?f:r`<small class="quiet">${i.callId}</small>`}
        ${e.next===void 0?f:r`<small class="quiet"
                >${E(`next`)}:
                ${y(e.next.status,w(e.next.breakReason,this.#a))}</small
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
    </tr>`}#_(e){let t=this.#c.trim().toLocaleLowerCase();return`${e.displayName} ${e.staffId}`.toLocaleLowerCase().includes(t)&&(this.#l===``||J(e,this.#l))}#v(e){let{by:t,descends:n}=this.#s,r=n?-1:1,i=(e,t)=>_(e).localeCompare(_(t))||(e.staffId<t.staffId?-1:1);return e.sort((e,n)=>r*K[t](e,n)||i(e,n))}#y(e){let t=new Set(this.#o);t.delete(e)||t.add(e),this.#b(t)}#b(e){this.#o=new Set(e),this.requestUpdate()}#x=()=>{this.renderRoot.querySelector(`onduty-status-dialog`)?.show(this.#o.size)};async#S({status:e,reason:t,note:n,immediately:r}){let i=[...this.#o],a=i.map(i=>({staffId:i,note:n,immediately:r,choice:{status:e,breakReason:t}}));try{let{results:e}=await this.#e.supervisor.batchForceStatus({requests:a,requestId:m()},v),t=e.flatMap(({result:e},t)=>{let n=this.#w(i[t]??``);return e.case===`error`&&this.#T?.add(E(`refused`,{name:n,reason:e.value.message}),!0),e.case===`taken`?E(`done`,{name:n,status:y(e.value.status)}):[]});t.length>0&&this.#T?.add(t.join(` · `)),this.#b([])}catch(e){this.#T?.add(p(e).rawMessage,!0)}}#C=async()=>{for(let e of this.#o){let t=this.#w(e);try{let{staff:n}=await this.#e.supervisor.resetStaff({staffId:e,requestId:m()},v);n!==void 0&&this.#T?.add(E(`done`,{name:t,status:y(n.status)}))}catch(e){this.#T?.add(E(`refused`,{name:t,reason:p(e).rawMessage}),!0)}}this.#b([])};#w(e){let t=this.#r?.staff.get(e);return t===void 0?e:_(t)}get#T(){return this.renderRoot.querySelector(`onduty-toasts`)}#E=()=>{this.#u=!1,this.#r?.stop(),this.#r=new j(this.#e,{changed:this.#n,live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#D().catch(()=>void 0)},ended:e=>{this.#u=i(e)||e.code===c.PermissionDenied,this.#d=i(e)?``:E(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#D(){this.#a=(await this.#e.workspace.listBreakReasons({pageSize:1e3},v)).breakReasons,this.requestUpdate()}},W=e=>e.statusStartedAt===void 0?0:g(e.statusStartedAt),G=e=>e.skillGroups.map(({name:e})=>e).join(),K={person:(e,t)=>_(e).localeCompare(_(t)),status:(e,t)=>q(e.status)-q(t.status),inStatus:(e,t)=>W(e)-W(t),groups:(e,t)=>G(e).localeCompare(G(t))};function q(e){return e===n.OFFLINE?99:e}function J(e,t){return e.skillGroups.some(({name:e})=>e===t)}customElements.define(`onduty-team`,U);