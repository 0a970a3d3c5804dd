-- Words were taken into the index as SQLite folds letters, and looked for as Python does: `straße` and
-- `мой` were not found. All events are taken in anew, in the background.
INSERT INTO search (search) VALUES ('delete-all');
UPDATE search_position SET seq = 0;
