/** The desk's own style. */
import { css } from "lit";

export const deskStyles = css`
  main {
    width: min(72rem, 100%);
    margin: 0 auto;
    padding: clamp(0.75rem, 2.5vw, 1.75rem);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1.7fr) minmax(16rem, 1fr);
    gap: 1.1rem;
    align-items: start;
  }
  .column {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.1rem;
  }
  .columns.old {
    opacity: 0.72;
  }
  .status {
    padding: clamp(1rem, 3vw, 1.6rem);
    border-inline-start: 6px solid var(--status);
  }
  .now {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0 1rem;
    align-items: center;
  }
  .big-shape .shape {
    width: 2.9rem;
    height: 2.9rem;
    color: var(--status);
    display: block;
  }
  .big-shape .mark {
    stroke-width: 1.5;
  }
  .now h1 {
    font-size: clamp(1.35rem, 3vw, 1.8rem);
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  .time {
    font-size: clamp(1.6rem, 4vw, 2.4rem);
    font-weight: 400;
  }
  .countdown {
    display: grid;
    gap: 0.35rem;
    margin-top: 1.2rem;
  }
  .countdown b {
    font-size: 1.15rem;
  }
  progress {
    appearance: none;
    width: 100%;
    height: 0.55rem;
    border: 0;
    border-radius: 99px;
    overflow: hidden;
    background: var(--sunken);
  }
  progress::-webkit-progress-bar {
    background: var(--sunken);
  }
  progress::-webkit-progress-value {
    background: var(--status, var(--accent));
  }
  progress::-moz-progress-bar {
    background: var(--status, var(--accent));
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    margin-top: 1.1rem;
  }
  .actions button {
    min-height: 2.9rem;
    padding-inline: 1.3rem;
  }
  .next {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
    margin-top: 1.1rem;
    padding: 0.5rem 0.5rem 0.5rem 1rem;
    background: var(--sunken);
    border-radius: 10px;
  }
  .calls {
    list-style: none;
    margin: 1.1rem 0 0;
    padding: 0;
    display: grid;
    gap: 0.4rem;
  }
  .calls li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
    padding: 0.55rem 0.9rem;
    background: var(--sunken);
    border-radius: 10px;
    overflow-wrap: anywhere;
  }
  .calls .number {
    margin-inline-start: auto;
  }
  .tag {
    font-size: 0.8rem;
    padding: 0.05rem 0.5rem;
    border-radius: 99px;
    border: 1px solid var(--line);
    background: var(--card);
  }
  .offer {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 0.6rem 1rem;
    align-items: center;
    padding: 1.1rem clamp(1rem, 3vw, 1.6rem);
    border: 2px solid var(--accent);
  }
  .offer .actions {
    margin: 0;
  }
  .offer progress {
    grid-column: 1 / -1;
  }
  .offer h2 {
    font-size: 1.15rem;
  }
  .offer-text {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .ring {
    display: grid;
    place-items: center;
    width: 2.9rem;
    height: 2.9rem;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
  }
  .ring svg {
    width: 1.5rem;
  }
  @media (prefers-reduced-motion: no-preference) {
    .ring svg {
      animation: shake 1.2s infinite;
    }
    @keyframes shake {
      0%,
      40%,
      100% {
        transform: rotate(0);
      }
      10%,
      30% {
        transform: rotate(-14deg);
      }
      20% {
        transform: rotate(14deg);
      }
    }
  }
  .dial {
    padding: 1rem 1.1rem;
  }
  .dial h2 {
    font-size: 1rem;
    margin-bottom: 0.6rem;
  }
  .dial form {
    display: flex;
    gap: 0.6rem;
  }
  .dial input {
    flex: 1;
    min-width: 0;
  }
  .dial input:disabled {
    background: var(--sunken);
    border-style: dashed;
  }
  .dial p {
    margin-top: 0.5rem;
    font-size: 0.9rem;
  }
  .settings {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.6rem;
    padding: 0.8rem 1.1rem;
    font-size: 0.92rem;
  }
  .settings label {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem;
    margin-bottom: 1rem;
    padding: 0.7rem 1rem;
    border-radius: 12px;
    background: var(--warn-ground);
    color: var(--warn-text);
    border: 1px solid currentColor;
    font-weight: 600;
  }
  @media (max-width: 52rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media (max-width: 34rem) {
    .offer {
      grid-template-columns: auto 1fr;
    }
    .offer .actions {
      grid-column: 1 / -1;
    }
    .offer .actions button {
      flex: 1;
    }
  }
`;
