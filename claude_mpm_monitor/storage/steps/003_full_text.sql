-- The words of events, by seq. Without their text: that is in the events.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- How far events have been taken into it: one row.
CREATE TABLE search_position (
    seq INTEGER NOT NULL
);
INSERT INTO search_position VALUES (0);
