// Groups event kinds into families: what an icon, a filter chip and a colour stand for.
// @ts-check

/** @typedef {{id: string, label: string, icon: string, kinds: string[]}} Family */

/** Kinds the server stores but a reader never wants in the way. */
export const NOISE = new Set(["mpm.hook_execution", "mpm.command_acknowledged", "mpm.response"]);

/** @type {Family[]} */
export const FAMILIES = [
  { id: "prompt", label: "Prompts", icon: "prompt", kinds: ["UserPromptSubmit", "UserPromptExpansion", "transcript.user"] },
  { id: "answer", label: "Answers", icon: "answer", kinds: ["MessageDisplay", "Stop", "StopFailure", "transcript.assistant"] },
  { id: "tool", label: "Tools", icon: "tool", kinds: ["PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch"] },
  { id: "agent", label: "Agents", icon: "agent", kinds: ["SubagentStart", "SubagentStop", "TeammateIdle"] },
  {
    id: "ask",
    label: "Questions",
    icon: "ask",
    kinds: ["PermissionRequest", "PermissionDenied", "Notification", "Elicitation", "ElicitationResult"],
  },
  { id: "task", label: "Tasks", icon: "task", kinds: ["TaskCreated", "TaskCompleted"] },
  {
    id: "session",
    label: "Session",
    icon: "session",
    kinds: [
      "SessionStart", "SessionEnd", "Setup", "ConfigChange", "InstructionsLoaded", "CwdChanged", "DirectoryAdded", "FileChanged",
      "PreCompact", "PostCompact", "PreModelSwitch", "PostModelSwitch", "WorktreeCreate", "WorktreeRemove",
    ],
  },
];

/** Everything no other family claims: other transcript lines, the host's own facts, a program's own kinds. */
export const OTHER = { id: "other", label: "Other", icon: "other", kinds: /** @type {string[]} */ ([]) };

const byKind = new Map(FAMILIES.flatMap((family) => family.kinds.map((kind) => [kind, family])));

/** @param {string} kind @returns {Family} */
export function familyOf(kind) {
  return byKind.get(kind) ?? OTHER;
}

/** A transcript's lines are prompts, answers, or one side of a tool call. @param {{kind: string, tool_use_id?: string}} head @returns {Family} */
export function familyOfHead(head) {
  return head.tool_use_id && head.kind.startsWith("transcript.") ? (byKind.get("PreToolUse") ?? OTHER) : familyOf(head.kind);
}

/** A kind as a row names it: that a line is a transcript's, its session tells. @param {string} kind */
export function kindName(kind) {
  return kind.replace(/^transcript\./, "");
}

/** What mostly repeats its neighbours or is bookkeeping: shown, but not to catch the eye. @param {string} kind */
export function isQuiet(kind) {
  return kind === "PostToolBatch" || kind === "InstructionsLoaded" || (kind.startsWith("transcript.") && !byKind.has(kind));
}

/** Ids of families in their order, each once, and none that is no family's. @param {Iterable<string>} ids @returns {readonly string[]} */
export function familiesIn(ids) {
  const chosen = new Set(ids);
  return Object.freeze([...FAMILIES, OTHER].map(({ id }) => id).filter((id) => chosen.has(id)));
}

/**
 * What the chosen families cover: kinds, or all `but` some, since nobody knows what else there is. Null when nothing is chosen, which means all.
 * @param {readonly string[]} chosen family ids @returns {{only: Set<string>}|{but: Set<string>}|null}
 */
export function kindsOf(chosen) {
  if (chosen.length === 0) return null;
  const others = chosen.includes(OTHER.id);
  const kinds = FAMILIES.filter(({ id }) => chosen.includes(id) !== others).flatMap((family) => family.kinds);
  return others ? { but: new Set(kinds) } : { only: new Set(kinds) };
}
