-- From here on a payload may be packed (a BLOB, see storage/packing.py) or plain (TEXT). Older rows
-- stay as they are; an older program, which knows plain ones only, refuses the store.
SELECT 1;
