/** How dialogs look. */
import { css } from "lit";

export const dialogStyles = css`
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
`;
