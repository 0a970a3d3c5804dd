-- Documents in a table of their own rows. In a table without rowids whatever exceeds a quarter of a
-- page takes a page of its own (a request to the model has 1,100 bytes: three quarters of what all
-- documents took were empty), and each further index repeats topic and key.
CREATE TABLE documents_side_by_side (
    topic      TEXT NOT NULL,
    key        TEXT NOT NULL,
    session_id TEXT NOT NULL,
    agent_id   TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (topic, key)
);
INSERT INTO documents_side_by_side
SELECT topic, key, session_id, agent_id, seq, at, value FROM documents;
DROP TABLE documents;
ALTER TABLE documents_side_by_side RENAME TO documents;
CREATE INDEX documents_by_session ON documents (topic, session_id, seq);
CREATE INDEX documents_by_seq ON documents (topic, seq);

CREATE TRIGGER timeline_follows AFTER DELETE ON documents BEGIN DELETE FROM timeline
WHERE topic = old.topic AND session_id = old.session_id AND key = old.key; END;
