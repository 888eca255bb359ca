import{B as e,L as t,R as n,U as r,V as i,a,c as o,d as s,i as c,o as l,p as u,r as d,s as f,u as p,z as m}from"./menu_items-BRIIMAHy.js";var h={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},g=e=>(...t)=>({_$litDirective$:e,values:t}),_=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:v}=i,y=e=>e,b=()=>document.createComment(``),x=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new v(r.insertBefore(b(),i),r.insertBefore(b(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=y(e).nextSibling;y(r).insertBefore(e,i),e=t}}}return n},S=(e,t,n=e)=>(e._$AI(t,n),e),C={},w=(e,t=C)=>e._$AH=t,T=e=>e._$AH,E=e=>{e._$AR(),e._$AA.remove()},D=(e,t,n)=>{let r=new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},O=g(class extends _{constructor(e){if(super(e),e.type!==h.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=T(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,h=a.length-1;for(;d<=f&&p<=h;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=S(i[d],a[p]),d++,p++;else if(s[f]===o[h])c[h]=S(i[f],a[h]),f--,h--;else if(s[d]===o[h])c[h]=S(i[d],a[h]),x(e,c[h+1],i[d]),d++,h--;else if(s[f]===o[p])c[p]=S(i[f],a[p]),x(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=D(o,p,h),u=D(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=x(e,i[d]);S(t,a[p]),c[p]=t}else c[p]=S(n,a[p]),x(e,i[d],n),i[t]=null;p++}else E(i[f]),f--}else E(i[d]),d++;for(;p<=h;){let t=x(e,c[h+1]);S(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&E(e)}return this.ut=o,w(e,c),m}}),k=class extends CustomEvent{constructor(e){super(`person`,{detail:e})}},A=class extends t{static{this.properties={people:{attribute:!1},asks:{type:Boolean},refusal:{},busy:{state:!0}}}static{this.styles=[d,r`
      section {
        width: min(34rem, calc(100vw - 2rem));
        margin: clamp(1rem, 8vh, 6rem) auto;
        padding: clamp(1.1rem, 4vw, 2rem);
      }
      h1 {
        font-size: 1.5rem;
        letter-spacing: -0.015em;
      }
      ul {
        list-style: none;
        margin: 1.2rem 0 0;
        padding: 0;
        display: grid;
        gap: 0.5rem;
      }
      li button {
        width: 100%;
        display: flex;
        align-items: center;
        gap: 0.8rem;
        text-align: start;
        padding: 0.55rem 0.9rem;
      }
      .face {
        display: grid;
        place-items: center;
        width: 2.2rem;
        height: 2.2rem;
        border-radius: 50%;
        background: var(--sunken);
        font-weight: 700;
        font-size: 0.88rem;
      }
      .status {
        margin-inline-start: auto;
        display: inline-flex;
        gap: 0.4rem;
        align-items: center;
        color: var(--status);
        font-size: 0.9rem;
      }
      form {
        display: grid;
        gap: 0.8rem;
        margin-top: 1.2rem;
      }
      label {
        display: grid;
        gap: 0.3rem;
        font-weight: 600;
      }
      .refusal {
        color: var(--danger);
        font-weight: 600;
        margin-top: 0.8rem;
      }
    `]}constructor(){super(),this.people=[],this.asks=!1,this.refusal=``,this.busy=!1}render(){return e`<section class="card">
      ${this.asks?this.#t():this.#e()}
      ${this.refusal===``?n:e`<p class="refusal" role="alert">${this.refusal}</p>`}
    </section>`}#e(){return this.people.length===0?e`<h1>${u(`who`)}</h1>
        <p class="quiet">${u(`nobody`)}</p>`:e`<h1>${u(`who`)}</h1>
      <p class="quiet">${u(`whoHint`)}</p>
      <ul>
        ${this.people.map(t=>e`<li>
              <button
                type="button"
                data-staff=${t.staffId}
                @click=${()=>{this.dispatchEvent(new k(t.staffId))}}
              >
                <span class="face" aria-hidden="true">${c(a(t))}</span>
                <span
                  ><b>${a(t)}</b><br /><span class="quiet"
                    >${t.skillGroups.map(({name:e})=>e).join(`, `)}</span
                  ></span
                >
                <span class="status ${f(t.status)}"
                  >${l(t.status)}${o(t.status)}</span
                >
              </button>
            </li>`)}
      </ul>`}#t(){return e`<h1>${u(`signIn`)}</h1>
      <p class="quiet">${u(`credentialHint`)}</p>
      <form @submit=${this.#n}>
        <label
          >${u(`credential`)}<input name="token" type="password" autocomplete="off" required spellcheck="false"
        /></label>
        <button class="primary" type="submit" ?disabled=${this.busy}>${u(`signIn`)}</button>
      </form>`}#n=async e=>{e.preventDefault();let t=new FormData(e.target).get(`token`);this.busy=!0,this.refusal=``;try{let e=await fetch(`/sign-in`,{method:`POST`,headers:{"content-type":`application/json`},body:JSON.stringify({token:t})});e.ok?this.dispatchEvent(new CustomEvent(`signed-in`)):this.refusal=(await e.json()).message??String(e.status)}catch(e){this.refusal=String(e)}finally{this.busy=!1}}};customElements.define(`onduty-sign-in`,A);var j=`onduty-theme`,M=document.documentElement,N=new URLSearchParams(location.search).get(`theme`)??localStorage.getItem(j);N!==null&&(M.dataset.theme=N);function P(){let e=(M.dataset.theme??(matchMedia(`(prefers-color-scheme: dark)`).matches?`dark`:`light`))===`dark`;M.dataset.theme=e?`light`:`dark`,localStorage.setItem(j,M.dataset.theme)}var F=[`desk`,`board`,`team`],I=class extends t{static{this.properties={page:{},freshness:{},age:{type:Number}}}static{this.styles=[d,r`
      header {
        display: flex;
        align-items: center;
        gap: 0.5rem 1.25rem;
        flex-wrap: wrap;
        padding: 0.55rem clamp(0.75rem, 2vw, 1.5rem);
        background: var(--card);
        border-bottom: 1px solid var(--line);
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 0.55rem;
        font-weight: 700;
        letter-spacing: -0.01em;
      }
      .brand i {
        width: 1.05rem;
        height: 1.05rem;
        border-radius: 50%;
        border: 4px solid var(--accent);
      }
      nav {
        display: flex;
        gap: 0.15rem;
      }
      nav a {
        padding: 0.35rem 0.75rem;
        border-radius: 8px;
        color: var(--quiet);
        text-decoration: none;
        font-weight: 550;
      }
      nav a:hover {
        background: var(--sunken);
        color: var(--text);
      }
      nav a[aria-current] {
        background: var(--sunken);
        color: var(--text);
      }
      .fresh {
        display: inline-flex;
        align-items: center;
        gap: 0.45rem;
        padding: 0.2rem 0.7rem;
        border-radius: 99px;
        border: 1px solid var(--line);
        font-size: 0.86rem;
        font-weight: 600;
        white-space: nowrap;
      }
      .fresh i {
        width: 0.6rem;
        height: 0.6rem;
        border-radius: 50%;
        background: var(--available);
      }
      .fresh.connecting i,
      .fresh.reconnecting i {
        background: none;
        border: 2px solid var(--break);
      }
      .fresh.reconnecting,
      .fresh.connecting {
        color: var(--break);
        border-color: var(--break);
      }
      .fresh.stale,
      .fresh.ended {
        background: var(--danger);
        border-color: var(--danger);
        color: var(--on-danger);
      }
      .fresh.stale i,
      .fresh.ended i {
        background: none;
        border: 2px solid currentColor;
        border-radius: 2px;
        transform: rotate(45deg);
      }
      .right {
        margin-inline-start: auto;
        display: flex;
        align-items: center;
        gap: 0.6rem;
      }
      @media (max-width: 30rem) {
        .brand span {
          display: none;
        }
      }
    `]}constructor(){super(),this.page=`desk`,this.freshness=`connecting`,this.age=0}render(){return e`<header>
      <div class="brand"><i></i><span>Onduty</span></div>
      <nav aria-label="Onduty">
        ${F.map(t=>e`<a href=${`/${t}${location.search}`} aria-current=${this.page===t?`page`:n}
              >${u(t)}</a
            >`)}
      </nav>
      ${this.#e()}
      <div class="right"><slot></slot></div>
    </header>`}#e(){let{freshness:t}=this;if(t===void 0)return n;let r=t===`live`||t===`connecting`?n:e`<span class="number" aria-hidden="true">${u(`asOf`,{age:p(this.age)})}</span>`;return e`<span class="fresh ${t}" role="status"><i></i>${u(t)}${r}</span>`}};document.documentElement.lang=s,customElements.define(`onduty-top-bar`,I);export{_ as i,O as n,g as r,P as t};