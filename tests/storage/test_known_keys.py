"""What was noted is always found; what was not is hardly ever taken for it."""

from __future__ import annotations

from claude_mpm_monitor.storage.known_keys import KnownKeys


def test_every_key_that_was_noted_is_found() -> None:
    known = KnownKeys()
    for number in range(2_000):
        known.add("topic", f"key-{number}")

    assert all(known.may_have("topic", f"key-{number}") for number in range(2_000))


def test_hardly_any_other_key_is_taken_for_one_that_was_noted() -> None:
    known = KnownKeys()
    for number in range(50_000):
        known.add("topic", f"key-{number}")

    taken = sum(known.may_have("other", f"key-{number}") for number in range(10_000))
    assert taken < 20


def test_nothing_was_noted_at_first() -> None:
    assert not KnownKeys().may_have("topic", "")
