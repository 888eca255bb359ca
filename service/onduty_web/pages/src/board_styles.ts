/** The board's own style: to be read from five metres. */
import { css } from "lit";

export const boardStyles = css`
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
`;
