"""The gateway thread and what it serves: ingest, live events, REST, the dashboard's files."""
