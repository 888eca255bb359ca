import{A as e,B as t,C as n,D as r,F as i,H as a,I as o,L as s,N as c,R as l,S as u,T as d,V as f,_ as p,b as m,c as h,d as g,g as _,h as v,i as y,j as b,l as x,m as S,o as C,p as w,r as T,s as E,t as D,u as O,x as k,z as A}from"./top_bar-CA0n_95q.js";import"./toasts-DI427QlH.js";import{t as j}from"./floor-DOxi4YUj.js";function M(e){let t=Math.floor(e/1e3);return i(c,{seconds:o.parse(t),nanos:(e-t*1e3)*1e6})}var N=a`
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
`,P=200,F=1e3,I=r,L=class extends l{static{this.properties={api:{attribute:!1},clock:{attribute:!1},reasons:{attribute:!1}}}static{this.styles=[y,N,a`
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
    `]}#e;#t;#n=``;show(e){this.#e=e,this.#t=void 0,this.#n=``,this.requestUpdate(),this.renderRoot.querySelector(`dialog`)?.showModal(),this.#o(e)}render(){let e=this.#e===void 0?``:C(this.#e);return t`<dialog aria-labelledby="title">
      <div class="head">
        <h2 id="title">${w(`historyOf`,{name:e})}</h2>
        <button type="button" @click=${this.#s}>${w(`close`)}</button>
      </div>
      ${this.#n===``?A:t`<p role="alert">${this.#n}</p>`}
      ${this.#t===void 0?A:this.#r(this.#t)}
    </dialog>`}#r(e){return e.length===0?t`<p class="quiet">${w(`historyNone`)}</p>`:t`${this.#i(e)}
      <ol>
        ${e.map(e=>this.#a(e))}
      </ol>`}#i(e){let n=this.clock.now(),r=e[e.length-1],i=Math.min(r?.changedAt===void 0?n:p(r.changedAt),n-6e4),a=e=>F*(e-i)/(n-i),o=n,s=e.map(e=>{let t=e.changedAt===void 0?i:p(e.changedAt),n=Math.max(a(o)-a(t),1);return o=t,f`<rect class=${h(e.status)} x=${a(t)} width=${n} height="1"/>`});return t`<svg class="line" viewBox="0 0 ${F} 1" preserveAspectRatio="none" aria-hidden="true">
        ${s}
      </svg>
      <div class="scale quiet number"><span>${S(i)}</span><span>${S(n)}</span></div>`}#a(e){let n=[(I[e.cause]??``).toLowerCase().replaceAll(`_`,` `),e.actor?.id??``,e.callId,e.note].filter(e=>e!==``).join(` · `);return t`<li class=${h(e.status)}>
      <span class="number">${e.changedAt===void 0?``:S(p(e.changedAt),!0)}</span>
      ${E(e.status)}
      <span
        ><b>${x(e.status,T(e.breakReason,this.reasons))}</b><small>${n}</small></span
      >
    </li>`}async#o(e){let t=new Date(this.clock.now()).setHours(0,0,0,0);try{let n={staffIds:[e.staffId],startsAt:M(t),statusChangesOnly:!0},r=await this.api.history.listTransitions({filter:n,pageSize:P,newestFirst:!0},m);this.#t=r.transitions}catch(e){this.#n=u(e).rawMessage}this.requestUpdate()}#s=()=>{this.renderRoot.querySelector(`dialog`)?.close()}};customElements.define(`onduty-history-dialog`,L);var R=[e.AVAILABLE,e.BUSY,e.ON_BREAK,e.OFFLINE],z=class extends l{static{this.properties={reasons:{attribute:!1}}}static{this.styles=[y,N,a`
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
    `]}#e=0;constructor(){super(),this.reasons=[]}show(e){this.#e=e,this.requestUpdate(),this.renderRoot.querySelector(`dialog`)?.showModal()}render(){let n=(e,n,r=``)=>t`<option value=${`${e}/${r}`}>${n}</option>`;return t`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.#n}>
        <h2 id="title">${w(`setStatus`)} · ${w(`selected`,{count:this.#e})}</h2>
        <label class="field"
          >${w(`status`)}<select name="choice">
            ${n(e.AVAILABLE,w(`available`))} ${n(e.BUSY,w(`busy`))}
            ${this.reasons.map(t=>n(e.ON_BREAK,`${w(`onBreak`)}: ${t.displayName}`,t.code))}
            ${n(e.OFFLINE,w(`offline`))}
          </select></label
        >
        <label class="field">${w(`note`)}<textarea name="note" rows="2" maxlength="1000" required></textarea></label>
        <label class="check"><input type="checkbox" name="immediately" />${w(`immediately`)}</label>
        <div class="actions">
          <button type="button" @click=${this.#t}>${w(`cancel`)}</button>
          <button type="submit" class="primary" id="apply">${w(`apply`)}</button>
        </div>
      </form>
    </dialog>`}#t=()=>{this.renderRoot.querySelector(`dialog`)?.close()};#n=t=>{let n=t.target,r=new FormData(n),i=e=>{let t=r.get(e);return typeof t==`string`?t:``},[a,o]=i(`choice`).split(`/`),s={status:R.find(e=>String(e)===a)??e.UNSPECIFIED,reason:o??``,note:i(`note`),immediately:r.get(`immediately`)!==null};this.dispatchEvent(new CustomEvent(`forced`,{detail:s})),n.reset()}};customElements.define(`onduty-status-dialog`,z);var B=a`
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
`,V=[`person`,`status`,`inStatus`,`groups`],H=class extends l{static{this.styles=[y,B]}#e=k();#t=new v;#n;#r;#i=[];#a=new Set;#o={by:`person`,descends:!1};#s=``;#c=``;#l=!1;#u=``;connectedCallback(){super.connectedCallback(),this.#r=_(this.#t,()=>{this.requestUpdate()}),this.#T()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#n?.stop()}render(){return t`<onduty-top-bar
        .page=${`team`}
        .freshness=${this.#n?.freshness??`connecting`}
        .age=${this.#n?.age??0}
      >
        <button type="button" @click=${D}>${w(`theme`)}</button>
      </onduty-top-bar>
      ${this.#l?t`<onduty-sign-in .asks=${!0} .refusal=${this.#u} @signed-in=${this.#T}></onduty-sign-in>`:this.#d()}
      <onduty-status-dialog
        .reasons=${this.#i}
        @forced=${e=>void this.#x(e.detail)}
      ></onduty-status-dialog>
      <onduty-history-dialog .api=${this.#e} .clock=${this.#t} .reasons=${this.#i}></onduty-history-dialog>
      <onduty-toasts></onduty-toasts>`}#d(){if(this.#n?.isComplete!==!0)return A;let e=this.#n.all(),n=this.#_(e.filter(e=>this.#g(e))),r=this.#n.freshness===`stale`||this.#n.freshness===`ended`;return t`<main class=${r?`old`:``}>
      <h1 class="visually-hidden">${w(`team`)}</h1>
      ${r?t`<p class="notice" role="alert">${w(`staleBanner`,{age:g(this.#n.age)})}</p>`:A}
      ${this.#f(e)} ${this.#p(n)}
    </main>`}#f(e){let n=[...new Set(e.flatMap(e=>e.skillGroups.map(({name:e})=>e)))].sort(),{size:r}=this.#a;return t`<div class="tools">
      <label class="visually-hidden" for="search">${w(`search`)}</label>
      <input
        id="search"
        type="search"
        placeholder=${w(`search`)}
        @input=${e=>{this.#s=e.target.value,this.requestUpdate()}}
      />
      <label class="visually-hidden" for="group">${w(`group`)}</label>
      <select
        id="group"
        @change=${e=>{this.#c=e.target.value,this.requestUpdate()}}
      >
        <option value="">${w(`filterAll`)}</option>
        ${n.map(n=>t`<option value=${n}>${n} (${e.filter(e=>q(e,n)).length})</option>`)}
      </select>
      <div class="actions">
        <span class="quiet number" role="status">${r>0?w(`selected`,{count:r}):A}</span>
        <button type="button" id="set-status" class="primary" ?disabled=${r===0} @click=${this.#b}>
          ${w(`setStatus`)}
        </button>
        <button type="button" id="reset" ?disabled=${r===0} title=${w(`resetHint`)} @click=${this.#S}>
          ${w(`reset`)}
        </button>
      </div>
    </div>`}#p(e){let n=e.length>0&&e.every(({staffId:e})=>this.#a.has(e));return t`<div class="card scrolls" tabindex="0" role="region" aria-label=${w(`team`)}>
      <table>
        <thead>
          <tr>
            <th class="check">
              <input
                type="checkbox"
                aria-label=${w(`select`,{name:w(`everybody`)})}
                .checked=${n}
                @change=${()=>{this.#y(n?[]:e.map(({staffId:e})=>e))}}
              />
            </th>
            ${V.map(e=>this.#m(e))}
            <th><span class="visually-hidden">${w(`history`)}</span></th>
          </tr>
        </thead>
        <tbody>
          ${b(e,({staffId:e})=>e,e=>this.#h(e))}
        </tbody>
      </table>
    </div>`}#m(e){let{by:n,descends:r}=this.#o,i=n===e?r?`descending`:`ascending`:`none`,a=n===e?r?`▼`:`▲`:``;return t`<th aria-sort=${i} scope="col">
      <button
        type="button"
        class="sort"
        @click=${()=>{this.#o={by:e,descends:n===e&&!r},this.requestUpdate()}}
      >
        ${w(e)} <span aria-hidden="true">${a}</span>
      </button>
    </th>`}#h(e){let n=C(e),r=this.#a.has(e.staffId),i=e.calls[0];return t`<tr class="${h(e.status)} ${r?`selected`:``}" data-staff=${e.staffId}>
      <td class="check">
        <input
          type="checkbox"
          aria-label=${w(`select`,{name:n})}
          .checked=${r}
          @change=${()=>{this.#v(e.staffId)}}
        />
      </td>
      <th scope="row">${n}<small class="quiet">${e.staffId}</small></th>
      <td>
        <span class="status"
          >${E(e.status)}<span class="status-word"
            >${x(e.status,T(e.breakReason,this.#i))}</span
          ></span
        >
        ${i===void 0?A:t`<small class="quiet">${i.callId}</small>`}
        ${e.next===void 0?A:t`<small class="quiet"
                >${w(`next`)}:
                ${x(e.next.status,T(e.next.breakReason,this.#i))}</small
              >`}
      </td>
      <td class="number">
        ${g(O(e,this.#t.now()))}${e.overdue?t` <span class="overdue">▲ ${w(`breakOverdue`)}</span>`:A}
      </td>
      <td>
        ${e.skillGroups.map(e=>t`<span class="tag">${e.name}${e.level>0?` ${e.level}`:``}</span>`)}
      </td>
      <td class="last">
        <button
          type="button"
          class="small"
          aria-label=${w(`historyOf`,{name:n})}
          @click=${()=>{this.renderRoot.querySelector(`onduty-history-dialog`)?.show(e)}}
        >
          ${w(`history`)}
        </button>
      </td>
    </tr>`}#g(e){let t=this.#s.trim().toLocaleLowerCase();return`${e.displayName} ${e.staffId}`.toLocaleLowerCase().includes(t)&&(this.#c===``||q(e,this.#c))}#_(e){let{by:t,descends:n}=this.#o,r=n?-1:1,i=(e,t)=>C(e).localeCompare(C(t))||(e.staffId<t.staffId?-1:1);return e.sort((e,n)=>r*G[t](e,n)||i(e,n))}#v(e){let t=new Set(this.#a);t.delete(e)||t.add(e),this.#y(t)}#y(e){this.#a=new Set(e),this.requestUpdate()}#b=()=>{this.renderRoot.querySelector(`onduty-status-dialog`)?.show(this.#a.size)};async#x({status:e,reason:t,note:n,immediately:r}){let i=[...this.#a],a=i.map(i=>({staffId:i,note:n,immediately:r,choice:{status:e,breakReason:t}}));try{let{results:e}=await this.#e.supervisor.batchForceStatus({requests:a,requestId:d()},m),t=e.flatMap(({result:e},t)=>{let n=this.#C(i[t]??``);return e.case===`error`&&this.#w?.add(w(`refused`,{name:n,reason:e.value.message}),!0),e.case===`taken`?w(`done`,{name:n,status:x(e.value.status)}):[]});t.length>0&&this.#w?.add(t.join(` · `)),this.#y([])}catch(e){this.#w?.add(u(e).rawMessage,!0)}}#S=async()=>{for(let e of this.#a){let t=this.#C(e);try{let{staff:n}=await this.#e.supervisor.resetStaff({staffId:e,requestId:d()},m);n!==void 0&&this.#w?.add(w(`done`,{name:t,status:x(n.status)}))}catch(e){this.#w?.add(w(`refused`,{name:t,reason:u(e).rawMessage}),!0)}}this.#y([])};#C(e){let t=this.#n?.staff.get(e);return t===void 0?e:C(t)}get#w(){return this.renderRoot.querySelector(`onduty-toasts`)}#T=()=>{this.#l=!1,this.#n?.stop(),this.#n=new j(this.#e,{changed:()=>{this.requestUpdate()},live:()=>{this.#t.set(this.#e).catch(()=>void 0),this.#E().catch(()=>void 0)},ended:e=>{this.#l=n(e)||e.code===s.PermissionDenied,this.#u=n(e)?``:w(`notAllowed`),this.requestUpdate()}}),this.requestUpdate()};async#E(){this.#i=(await this.#e.workspace.listBreakReasons({pageSize:1e3},m)).breakReasons,this.requestUpdate()}},U=e=>e.statusStartedAt===void 0?0:p(e.statusStartedAt),W=e=>e.skillGroups.map(({name:e})=>e).join(),G={person:(e,t)=>C(e).localeCompare(C(t)),status:(e,t)=>K(e.status)-K(t.status),inStatus:(e,t)=>U(e)-U(t),groups:(e,t)=>W(e).localeCompare(W(t))};function K(t){return t===e.OFFLINE?99:t}function q(e,t){return e.skillGroups.some(({name:e})=>e===t)}customElements.define(`onduty-team`,H);