-- Costs by agent, session and turn, the dearest first, without reading what all the others cost (2 µs
-- for each of 24,500 agents). Written as storage/usage_documents.py asks, to the letter.
CREATE INDEX usage_by_cost ON documents (json_extract(value, '$.by'),
json_extract(value, '$.cost.total'), json_extract(value, '$.calls'), session_id)
WHERE topic = 'usage';

-- Sums by day and session are added up when somebody asks.
DELETE FROM documents
WHERE topic = 'usage' AND key >= 'day_session/' AND key < 'day_session0';

-- Which calls are an agent's: lists of agents ask whether it has any that failed, and so on (0.7 s for
-- 24,750 agents without it).
CREATE INDEX tool_calls_by_agent ON documents
(session_id, agent_id, coalesce(json_extract(value, '$.status'), '')) WHERE topic = 'tool_call';

-- Statuses are mostly asked for together with a tool or a duration.
CREATE INDEX tool_calls_by_outcome ON documents
(coalesce(json_extract(value, '$.status'), ''), coalesce(json_extract(value, '$.tool_name'), ''),
coalesce(json_extract(value, '$.duration_us'), -1)) WHERE topic = 'tool_call';
