-- Which values occur in which block of the log (250 numbers of events each), so that a search by
-- fields passes over the blocks that cannot hold what it looks for. What is in here may be more than
-- is true by now; it is never less, for events up to the position. An empty one is filled in the
-- background.
CREATE TABLE blocks (
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (field, value, block)
) WITHOUT ROWID;

-- How far events have been taken into it, and up to which key the answers that were there before it
-- (NULL: all): one row.
CREATE TABLE blocks_position (
    seq    INTEGER NOT NULL,
    answer TEXT
);
INSERT INTO blocks_position VALUES (0, '');

-- What the model's answer that an event is part of cost (picodollars, NULL: unpriced), and its tokens.
CREATE TABLE event_costs (
    seq    INTEGER PRIMARY KEY,
    cost   INTEGER,
    tokens INTEGER NOT NULL
);
