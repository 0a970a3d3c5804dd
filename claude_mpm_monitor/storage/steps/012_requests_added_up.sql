-- Requests to the model added up by session, for costs of all of them: 330,000 requests take SQLite
-- half a second each time, and their tools two. Derived from `requests`, now and then.
-- `by` is 'quarter' (of an hour: `name` is its number, `model` the model), 'agent_type' or 'tool'
-- (with `tool_calls`; '' is the conversation). `unpriced` is the model of requests without a price.
CREATE TABLE request_sums (session_id TEXT NOT NULL, by TEXT NOT NULL, name NOT NULL, model TEXT,
evidence TEXT, unpriced TEXT, calls INTEGER, tool_calls INTEGER, input INTEGER, output INTEGER,
cache_write_5m INTEGER, cache_write_1h INTEGER, cache_read INTEGER, web_searches INTEGER,
cost_input INTEGER, cost_output INTEGER, cost_cache_write INTEGER, cost_cache_read INTEGER,
cost_web_search INTEGER, low_confidence INTEGER);

CREATE INDEX request_sums_of ON request_sums (by, session_id);

-- Since when (µs) the sums of a session do not hold; NULL: they do. Each change has another time than
-- what is added up has, which was quiet for seconds.
CREATE TABLE sessions_added_up (session_id TEXT PRIMARY KEY, changed_at INTEGER) WITHOUT ROWID;

CREATE INDEX sessions_to_add_up ON sessions_added_up (changed_at) WHERE changed_at IS NOT NULL;

CREATE TRIGGER requests_come AFTER INSERT ON requests BEGIN
INSERT OR REPLACE INTO sessions_added_up VALUES
(new.session_id, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)); END;

CREATE TRIGGER requests_go AFTER DELETE ON requests BEGIN
INSERT OR REPLACE INTO sessions_added_up VALUES
(old.session_id, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)); END;

INSERT INTO sessions_added_up SELECT DISTINCT session_id, 0 FROM requests;
