// Columns of the tool-call table.
import { css } from "lit";

export const toolStyles = css`
  .row { grid-template-columns: 84px 110px minmax(0, 1fr) 92px 96px 76px; }
  .detail { color: var(--text); }
  .head .detail { font: inherit; color: inherit; }
  .head .tool { font-weight: normal; color: inherit; }
  .chip.status { color: var(--text-2); }
  .chip.status[aria-pressed="true"] { color: var(--text); }
  .chip.status[data-status="error"] .icon { color: var(--error); }
  .chip.status[data-status="denied"] .icon { color: var(--denied); }
  .chip.status[data-status="interrupted"] .icon { color: var(--interrupted); }
  .chip.status[data-status="running"] .icon { color: var(--running); }
  @container (max-width: 700px) {
    .row { grid-template-columns: 92px minmax(0, 1fr) 96px 70px; }
    .started, .agent { display: none; }
  }
  @container (max-width: 440px) {
    .row { grid-template-columns: 72px minmax(0, 1fr) 20px 60px; }
    .row .word { position: absolute; width: 1px; overflow: hidden; clip-path: inset(50%); }
    .head .status-cell { font-size: 0; }
  }
`;
