"""Words in events are looked for one event after another, several times in each."""

from __future__ import annotations

from claude_mpm_monitor.storage.packing import pack
from claude_mpm_monitor.storage.words_of_events import WordsOfEvents


def test_each_event_is_looked_at_for_itself() -> None:
    has_words = WordsOfEvents()
    payload = pack(b'{"prompt": "Mend the fence"}')

    assert has_words("fen", 1, "Stop", "", "gate", payload)
    assert not has_words("fen", 0, "Stop", "", "gate", payload)
    assert has_words("mend the", 0, "Stop", "", "gate", payload)
    assert not has_words("gate", 0, "Stop", "", "other", payload)
    assert has_words("other", 0, "Stop", "", "other", payload)
    assert not has_words("fence", 0, "Stop", "", "other", "no JSON")
    assert has_words("stop", 0, "Stop", "", "", "{}")
