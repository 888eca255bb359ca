/** The team page's own style. */
import { css } from "lit";

export const teamStyles = css`
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
`;
