// Columns of the table of sessions.
import { css } from "lit";

export const sessionStyles = css`
  .row { grid-template-columns: 96px minmax(120px, 1fr) 120px 100px 92px 92px 84px 84px 48px 52px 56px 52px 64px 60px 72px; }
  .title { color: var(--text); }
  .head .title { color: inherit; }
  .row .status-cell { display: flex; align-items: center; }
  .chip.status { color: var(--text-2); }
  .chip.status[aria-pressed="true"] { color: var(--text); }
  .head .number button { justify-content: flex-end; }
  @container (max-width: 1240px) {
    .row { grid-template-columns: 96px minmax(120px, 1fr) 110px 92px 84px 48px 56px 52px 60px 72px; }
    .row :is(.branch, .started, .waited, .agents, .context) { display: none; }
  }
  @container (max-width: 860px) {
    .row { grid-template-columns: 96px minmax(0, 1fr) 92px 56px 52px 72px; }
    .row :is(.project, .busy, .turns, .tokens) { display: none; }
  }
  @container (max-width: 520px) {
    .row { grid-template-columns: 20px minmax(0, 1fr) 84px 60px; }
    .row :is(.tools, .errors) { display: none; }
    .row .word { position: absolute; width: 1px; overflow: hidden; clip-path: inset(50%); }
    .head .status-cell { font-size: 0; }
  }
`;
