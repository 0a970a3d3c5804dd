"""What a store says of sessions, as far as both hooks and transcripts can know it."""

from __future__ import annotations

from testkit.comparing import TOPICS, Documents, knowable, without_reports

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query


def facts_in(config: Config) -> Documents:
    """Read them out of a store's documents."""
    query = Query(Database(config.database))
    try:
        return knowable(
            {
                f"{topic} {document.key}": without_reports(document.value)
                for topic in TOPICS
                for document in query.documents(topic, limit=1_000)
            }
        )
    finally:
        query.close()
