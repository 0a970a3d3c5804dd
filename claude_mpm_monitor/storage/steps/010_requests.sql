-- What costs, and the counters of a timeline, are added up from: requests to the model, side by side.
-- To read them out of the documents takes 12 µs for each, a second for 80,000. Derived from
-- `documents`, together with them; what goes by another name (`same_as`) is not in it.
-- Costs are in picodollars, NULL without a price. `evidence` are words with spaces between, `tools`
-- a JSON array of names, NULL for none. `conversing`: the prompt was the context of an agent. The
-- columns tokens, cost and context of `timeline` are not used any more.
CREATE TABLE requests (session_id TEXT, key TEXT, agent_id TEXT, at INTEGER, model TEXT,
input INTEGER, output INTEGER, cache_write_5m INTEGER, cache_write_1h INTEGER, cache_read INTEGER,
web_searches INTEGER, cost_input INTEGER, cost_output INTEGER, cost_cache_write INTEGER,
cost_cache_read INTEGER, cost_web_search INTEGER, low_confidence INTEGER, evidence TEXT,
prompt_tokens INTEGER, conversing INTEGER, tools TEXT,
tokens INTEGER AS (input + output + cache_write_5m + cache_write_1h + cache_read),
cost INTEGER AS (coalesce(
    cost_input + cost_output + cost_cache_write + cost_cache_read + cost_web_search, 0)),
PRIMARY KEY (session_id, key)) WITHOUT ROWID;

CREATE TRIGGER requests_follow AFTER DELETE ON documents WHEN old.topic = 'api_call' BEGIN
DELETE FROM requests WHERE session_id = old.session_id AND key = old.key; END;

-- To whom a document belongs may be learnt late.
CREATE TRIGGER requests_moved AFTER UPDATE OF session_id ON documents
WHEN old.topic = 'api_call' AND old.session_id <> new.session_id BEGIN
DELETE FROM requests WHERE session_id = old.session_id AND key = old.key; END;

CREATE TRIGGER timeline_moved AFTER UPDATE OF session_id ON documents
WHEN old.session_id <> new.session_id BEGIN
DELETE FROM timeline WHERE topic = old.topic AND session_id = old.session_id AND key = old.key; END;

DELETE FROM timeline WHERE topic = 'api_call';

INSERT INTO requests
SELECT session_id, key, json_extract(value, '$.agent_id'), json_extract(value, '$.at'),
    json_extract(value, '$.model'),
    coalesce(json_extract(value, '$.usage.input'), 0),
    coalesce(json_extract(value, '$.usage.output'), 0),
    coalesce(json_extract(value, '$.usage.cache_write_5m'), 0),
    coalesce(json_extract(value, '$.usage.cache_write_1h'), 0),
    coalesce(json_extract(value, '$.usage.cache_read'), 0),
    coalesce(json_extract(value, '$.usage.web_searches'), 0),
    json_extract(value, '$.cost.input'), json_extract(value, '$.cost.output'),
    json_extract(value, '$.cost.cache_write'), json_extract(value, '$.cost.cache_read'),
    json_extract(value, '$.cost.web_search'),
    json_extract(value, '$.confidence') = 'low',
    coalesce((SELECT group_concat(one.value, ' ') FROM json_each(documents.value, '$.evidence') AS one),
        ''),
    json_extract(value, '$.prompt_tokens'),
    json_extract(value, '$.recorded') IS NOT NULL OR json_extract(value, '$.telemetry') IS NULL
        OR json_extract(value, '$.telemetry.query_source') LIKE 'agent:%'
        OR json_extract(value, '$.telemetry.query_source') LIKE 'repl_main_thread%'
        OR json_extract(value, '$.telemetry.query_source') LIKE 'sdk%',
    (SELECT nullif(json_group_array(CASE one.type WHEN 'array'
        THEN json_extract(one.value, '$[1]') ELSE '' END), '[]')
        FROM json_each(documents.value, '$.tools') AS one)
FROM documents
WHERE topic = 'api_call' AND json_extract(value, '$.same_as') = '';
