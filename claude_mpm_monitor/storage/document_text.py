"""The JSON of a document as it is stored: packed, where SQL need not look into it.

A third of a store were documents of requests to the model, of which what is asked for is in a table
of its own (`requests`). Those stored before are plain, and stay so until they change.
"""

from __future__ import annotations

from claude_mpm_monitor.storage.packing import DOCUMENTS, pack, unpack

#: Topics whose documents are packed.
PACKED = frozenset({"api_call"})
#: What SQL calls the function that gives the text of such a document.
DOCUMENT_TEXT = "document_text"


def stored(topic: str, text: str) -> bytes | str:
    """Return a document's text as it is stored. Any thread."""
    return pack(text.encode(), DOCUMENTS) if topic in PACKED else text


def text_of(value: bytes | str) -> str:
    """Return the text of a stored document. Any thread."""
    return value if isinstance(value, str) else unpack(value).decode()


def value_of(topic: str) -> str:
    """Return the text of a topic's document in SQL."""
    return f"{DOCUMENT_TEXT}(value)" if topic in PACKED else "value"
