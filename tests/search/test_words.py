"""Words of events that the index does not know yet."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from claude_mpm_monitor.search.language import Text
from claude_mpm_monitor.search.text import text_in
from claude_mpm_monitor.search.words import Words, lacks, line_of, words_of

_said = st.text(st.sampled_from('abcAB é\u0301ß\u212a/\\"\n_-1'), max_size=12)


@given(_said, _said, _said, st.booleans(), st.booleans())
@example("k", "\u212a", "", True, False)
@example("cafe", "café", "", False, False)
def test_an_event_that_is_said_to_lack_words_has_not_got_them(
    wanted: str, value: str, beside: str, ascii_only: bool, beginning: bool
) -> None:
    data = {"prompt": value, "nested": [{"more": value}]}
    payload = json.dumps(data, ensure_ascii=ascii_only).encode()

    if lacks(wanted, payload, beside):
        assert not Words(text_in(data, beside)).have(Text(wanted, beginning))


@given(st.text(st.sampled_from("abA1 -_.\x1c\n"), max_size=20), st.data(), st.booleans())
def test_words_are_found_where_they_stand_in_a_line_of_words(
    text: str, data: st.DataObject, beginning: bool
) -> None:
    wanted = data.draw(st.text(st.sampled_from("abA1 -"), max_size=6))
    sought = line_of(wanted)[:-1] if beginning else line_of(wanted)

    assert words_of(f"{text} \u00e9") == [*words_of(text), "e"]
    if words_of(wanted):
        assert Words(text).have(Text(wanted, beginning)) == (sought in line_of(text))


def test_what_is_plainly_not_there_is_known_at_once() -> None:
    assert lacks("needle", b'{"prompt": "hay"}', "Bash")
    assert not lacks("needle", b'{"prompt": "NEEDLES"}', "Bash")
    assert not lacks("bash", b'{"prompt": "hay"}', "Bash")
