"""The queue before the writer."""

from __future__ import annotations

import threading

import pytest

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline import intake as module
from claude_mpm_monitor.pipeline.intake import BATCH, Delivery, Intake


def delivery(number: int = 0) -> Delivery:
    return Delivery(raw=Raw(dialect="api", body=b"", at=number, source="api"))


def test_what_is_put_is_taken_in_order_and_in_batches() -> None:
    intake = Intake()
    for number in range(BATCH + 5):
        assert intake.put(delivery(number))

    first, second = intake.take(), intake.take()

    assert [d.raw.at for d in first + second] == list(range(BATCH + 5))
    assert len(first) == BATCH


def test_a_closed_intake_hands_out_what_it_has_and_takes_no_more() -> None:
    intake = Intake()
    intake.put(delivery(1))
    intake.close()

    assert not intake.put(delivery(2))
    assert not intake.offer(delivery(3))
    assert [d.raw.at for d in intake.take()] == [1]
    assert intake.take() == []
    assert intake.take() == [] if intake.waiting() else True


def test_a_full_intake_refuses_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CAPACITY", 2)
    intake = Intake()

    assert intake.offer(delivery())
    assert intake.offer(delivery())
    assert not intake.offer(delivery())
    intake.take()
    assert intake.offer(delivery())


def test_who_waits_for_room_is_let_go_when_the_intake_closes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CAPACITY", 1)
    monkeypatch.setattr(module, "FULL_SECONDS", 0.01)
    intake = Intake()
    intake.put(delivery())
    outcomes: list[bool] = []
    thread = threading.Thread(target=lambda: outcomes.append(intake.put(delivery())))
    thread.start()

    intake.close()
    thread.join(10)

    assert outcomes == [False]


def test_nothing_is_ever_accepted_behind_the_end() -> None:
    """Whatever was accepted before, during or after the close is handed out."""
    for _ in range(50):
        intake = Intake()
        accepted: list[int] = []
        together = threading.Barrier(3)

        def fill(first: int, intake: Intake = intake, accepted: list[int] = accepted) -> None:
            together.wait()  # noqa: B023  joined before the next round
            for number in range(first, first + 20):
                if intake.put(delivery(number)):
                    accepted.append(number)

        threads = [threading.Thread(target=fill, args=(first,)) for first in (0, 100)]
        for thread in threads:
            thread.start()
        together.wait()
        intake.close()
        for thread in threads:
            thread.join()
        taken: list[int] = []
        while batch := intake.take():
            taken += [d.raw.at for d in batch]

        assert sorted(taken) == sorted(accepted)
