-- What a timeline shows of turns, tool calls and requests to the model: their times and a few words
-- each, side by side, so that a session's are read at once. Derived from `documents`, together with
-- them; those without a time are not in it, nor what is only a fork's copy.
-- `waits`: for a person, as the document has them (JSON), NULL when there are none. Of a request to
-- the model `tokens`, `cost` (picodollars), and its prompt when that was the `context` of an agent.
CREATE TABLE timeline (topic TEXT, session_id TEXT, key TEXT, agent_id TEXT, started_at INTEGER,
ended_at INTEGER, status TEXT, name TEXT, waits TEXT, tokens INTEGER, cost INTEGER, context INTEGER,
PRIMARY KEY (topic, session_id, key)) WITHOUT ROWID;

CREATE TRIGGER timeline_follows AFTER DELETE ON documents BEGIN DELETE FROM timeline
WHERE topic = old.topic AND session_id = old.session_id AND key = old.key; END;

-- Turns and tool calls come in as they are derived anew: their analyzer is another since this step.
INSERT INTO timeline
SELECT topic, session_id, key, json_extract(value, '$.agent_id'), json_extract(value, '$.at'),
    json_extract(value, '$.at'), '', json_extract(value, '$.model'), NULL,
    json_extract(value, '$.usage.input') + json_extract(value, '$.usage.output')
    + json_extract(value, '$.usage.cache_write_5m') + json_extract(value, '$.usage.cache_write_1h')
    + json_extract(value, '$.usage.cache_read'),
    coalesce(json_extract(value, '$.cost.total'), 0),
    CASE WHEN json_extract(value, '$.recorded') IS NOT NULL
        OR json_extract(value, '$.telemetry') IS NULL
        OR json_extract(value, '$.telemetry.query_source') LIKE 'agent:%'
        OR json_extract(value, '$.telemetry.query_source') LIKE 'repl_main_thread%'
        OR json_extract(value, '$.telemetry.query_source') LIKE 'sdk%'
    THEN json_extract(value, '$.prompt_tokens') END
FROM documents
WHERE topic = 'api_call' AND json_extract(value, '$.same_as') = '';
