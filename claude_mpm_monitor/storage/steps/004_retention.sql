-- Sessions that are never given up, whatever their age and the size of the store.
CREATE TABLE bookmarked_sessions (
    session_id TEXT PRIMARY KEY,
    at         INTEGER NOT NULL
) WITHOUT ROWID;

-- Sessions that were given up, with what was known of them last. `done` says that everything up to
-- the seq is deleted.
CREATE TABLE retired_sessions (
    session_id TEXT NOT NULL,
    until_seq  INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    done       INTEGER NOT NULL,
    events     INTEGER NOT NULL,
    summary    TEXT NOT NULL,
    PRIMARY KEY (session_id, until_seq)
) WITHOUT ROWID;

-- Old ones are forgotten: nobody repeats a delivery after months.
ALTER TABLE deliveries ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
UPDATE deliveries SET at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000;
CREATE INDEX deliveries_by_at ON deliveries (at);
