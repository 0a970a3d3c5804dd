-- `events` is the truth and only ever appended to; everything in `documents` is derived from it and
-- can be dropped and rebuilt.

CREATE TABLE events (
    seq           INTEGER PRIMARY KEY,
    event_id      BLOB NOT NULL UNIQUE,
    session_id    TEXT NOT NULL,
    kind          TEXT NOT NULL,
    at            INTEGER NOT NULL,
    source        TEXT NOT NULL,
    agent_id      TEXT NOT NULL,
    tool_use_id   TEXT NOT NULL,
    prompt_id     TEXT NOT NULL,
    project       TEXT NOT NULL,
    branch        TEXT NOT NULL,
    tool_name     TEXT NOT NULL,
    summary       TEXT NOT NULL,
    -- A poorer report of a fact that a later, richer event (this seq) tells in full.
    superseded_by INTEGER,
    payload       TEXT NOT NULL
);
CREATE INDEX events_by_session ON events (session_id, seq);
CREATE INDEX events_by_tool_use ON events (tool_use_id, seq) WHERE tool_use_id <> '';

-- Deliveries that their senders may repeat, whatever became of the events in them.
CREATE TABLE deliveries (
    delivery_id TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE documents (
    topic      TEXT NOT NULL,
    key        TEXT NOT NULL,
    session_id TEXT NOT NULL,
    agent_id   TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (topic, key)
) WITHOUT ROWID;
CREATE INDEX documents_by_session ON documents (topic, session_id, seq);
CREATE INDEX documents_by_seq ON documents (topic, seq);

-- How far each analyzer has read the log, and with which version of itself.
CREATE TABLE analyzers (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    seq     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE dead_letters (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    dialect TEXT NOT NULL,
    source  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    body    BLOB NOT NULL
);

-- How far each transcript file has been imported.
CREATE TABLE import_files (
    path     TEXT PRIMARY KEY,
    inode    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    offset   INTEGER NOT NULL
) WITHOUT ROWID;
