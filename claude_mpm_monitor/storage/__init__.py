"""The event log and its documents, in one SQLite file."""
