import{B as e,L as t,R as n,S as r,U as i,W as a,b as o,g as s,h as c,p as l,r as u,x as d}from"./assets/menu_items-BRIIMAHy.js";import{n as f,t as p}from"./assets/workspace_calls-DKywpW9y.js";var m=`:root{color-scheme:light dark;--font:system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;--ground:light-dark(#f4f6f8,#0e1318);--card:light-dark(#fff,#171e26);--raised:light-dark(#fff,#1e2731);--sunken:light-dark(#eaeef2,#10161c);--line:light-dark(#d9e0e6,#2b3641);--text:light-dark(#16202a,#eaf0f5);--quiet:light-dark(#51606e,#a3b2c0);--accent:light-dark(#0f766e,#2dd4bf);--on-accent:light-dark(#fff,#06231f);--danger:light-dark(#b42318,#ff8a7a);--on-danger:light-dark(#fff,#2b0a06);--warn-ground:light-dark(#fff4d6,#3a2c08);--warn-text:light-dark(#6b4700,#ffd98a);--focus:light-dark(#1d4ed8,#93c5fd);--available:light-dark(#12753a,#4ade80);--busy:light-dark(#b3261e,#ff8f86);--break:light-dark(#955200,#fbbf4b);--in-line:light-dark(#1d5fd1,#7db4ff);--acw:light-dark(#7a35c9,#c79bff);--offline:light-dark(#5b6875,#94a3b3);--radius:14px;--shadow:0 1px 2px light-dark(#0b18260f,#0006), 0 6px 24px light-dark(#0b18260f,#0004)}:root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}@media (prefers-contrast:more){:root{--line:light-dark(#53606c,#9fb0bf);--quiet:light-dark(#2e3943,#d4dee7)}}`,h=class extends t{static{this.properties={server:{},staff:{},tenant:{},token:{}}}static{this.styles=[a(m.replaceAll(`:root`,`:host`)),u,i`
      :host {
        display: inline-block;
        min-width: 3rem;
      }
      .old {
        opacity: 0.6;
      }
      .remark {
        font-size: 0.82rem;
        color: var(--danger);
        margin-top: 0.2rem;
      }
    `]}#e=new c;#t;#n;#r;#i;#a=[];#o=`connecting`;#s=``;constructor(){super(),this.server=``,this.staff=``,this.tenant=``,this.token=``}connectedCallback(){super.connectedCallback(),this.#r=s(this.#e,()=>{this.requestUpdate()}),this.#c()}disconnectedCallback(){super.disconnectedCallback(),this.#r?.(),this.#l()}updated(e){[...e.values()].some(e=>e!==void 0)&&this.#c()}render(){let t=this.#o!==`live`||this.#n?.isSilent===!0,r=this.#s===``&&t&&this.#i!==void 0?l(`reconnecting`):this.#s;return e`<onduty-status-menu
        class=${t?`old`:``}
        .staff=${this.#i}
        .reasons=${this.#a}
        .now=${this.#e.now()}
        @menu-open=${this.#f}
        @choose=${e=>void this.#d(e.detail)}
      ></onduty-status-menu>
      ${r===``?n:e`<div class="remark" role="status">${r}</div>`}`}#c(){this.#l(),this.staff!==``&&this.isConnected&&(this.#t=d({server:this.server,tenant:this.tenant,token:this.token}),this.#n=new f(this.#t,this.staff,{staff:e=>{this.#u(e)},left:()=>{this.#s=l(`gone`),this.requestUpdate()},liveness:(e,t)=>{e===`live`&&this.#t!==void 0&&this.#e.set(this.#t).catch(()=>void 0),this.#o=e,this.#s=e===`ended`?t?.rawMessage??``:``,this.requestUpdate()}}),this.#f())}#l(){this.#n?.close(),this.#n=void 0}#u(e){this.#i?.personId===e.personId&&e.revision<this.#i.revision||(this.#i=e,this.#s=``,this.requestUpdate(),this.dispatchEvent(new CustomEvent(`status-changed`,{detail:e})))}async#d(e){if(this.#t!==void 0)try{let t=await p(this.#t,this.staff,e);t!==void 0&&this.#u(t)}catch(e){this.#s=r(e).rawMessage,this.requestUpdate(),this.dispatchEvent(new CustomEvent(`refused`,{detail:this.#s}))}}#f=()=>{this.#t?.workspace.listBreakReasons({pageSize:1e3},o).then(({breakReasons:e})=>{this.#a=e,this.requestUpdate()}).catch(()=>void 0)}};customElements.define(`onduty-status`,h);