-- What lists, counts and searches ask of all sessions, side by side: to read it out of the documents
-- takes 20 µs for each. Derived from `documents`, together with them.
CREATE TABLE sessions (session TEXT PRIMARY KEY, project TEXT, model TEXT, last_at INTEGER,
events INTEGER, tool_calls INTEGER, errors INTEGER, agents INTEGER, files INTEGER, turns INTEGER)
WITHOUT ROWID;
CREATE INDEX sessions_by_last_at ON sessions (last_at, session);
CREATE INDEX sessions_by_project ON sessions (project);

CREATE TRIGGER sessions_follow AFTER DELETE ON documents WHEN old.topic = 'session' BEGIN
DELETE FROM sessions WHERE session = old.key; END;

INSERT INTO sessions
SELECT key, coalesce(json_extract(value, '$.project'), ''),
    coalesce(json_extract(value, '$.model'), ''), coalesce(json_extract(value, '$.last_at'), 0),
    json_extract(value, '$.events'), json_extract(value, '$.tool_calls'),
    json_extract(value, '$.errors'), json_extract(value, '$.agents'),
    json_extract(value, '$.files'), json_extract(value, '$.turns')
FROM documents WHERE topic = 'session';
