// Where calls stand in the space: a lane for each agent, time as a part of the whole, height by duration.

/** Agents in the order they began. */
export function lanesOf(calls) {
  const lanes = new Map();
  for (const call of [...calls].sort((one, other) => one.started_at - other.started_at)) {
    if (!lanes.has(call.agent_id)) lanes.set(call.agent_id, { id: call.agent_id, name: call.agent_id ? call.agent_type || "agent" : "main" });
  }
  return [...lanes.values()];
}

/** Every call with its lane, its beginning and length as parts of the session, and its height in px. */
export function placed(calls, lanes) {
  const timed = calls.filter(({ started_at: start }) => start);
  if (!timed.length) return [];
  const first = Math.min(...timed.map(({ started_at: start }) => start));
  const whole = Math.max(1, Math.max(...timed.map((call) => call.ended_at ?? call.started_at)) - first);
  const index = new Map(lanes.map(({ id }, lane) => [id, lane]));
  return timed.map((call) => ({
    call,
    lane: index.get(call.agent_id),
    from: (call.started_at - first) / whole,
    length: ((call.ended_at ?? call.started_at) - call.started_at) / whole,
    height: 4 + 10 * Math.log10(1 + (call.duration_us ?? 0) / 1e5),
  }));
}
