"""Model ids: what names the same model, and what only looks like it."""

from __future__ import annotations

import pytest

from claude_mpm_monitor.pricing.model_id import bare_name
from claude_mpm_monitor.pricing.table import PriceTable

TABLE = PriceTable.builtin()

SAME = {
    "claude-opus-4-1": [
        "claude-opus-4-1",
        "claude-opus-4-1-20250805",
        "claude-opus-4-1@20250805",
        "anthropic/claude-opus-4.1",
        "openrouter/anthropic/claude-opus-4.1:beta",
        "us.anthropic.claude-opus-4-1-20250805-v1:0",
        "anthropic.claude-opus-4-1-20250805-v1:0",
        "us-gov.anthropic.claude-opus-4-1-20250805-v1:0",
        "bedrock/global.anthropic.claude-opus-4-1-20250805-v1:0",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0",
        "Claude-Opus-4-1-latest",
    ],
    "claude-opus-4-0": ["claude-opus-4-20250514", "claude-opus-4", "claude-4-opus-20250514"],
    "claude-sonnet-4-0": ["claude-sonnet-4-20250514", "claude-sonnet-4@20250514"],
    "claude-sonnet-4-5": ["claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5[1m]"],
    "claude-opus-4-6": ["anthropic.claude-opus-4-6-v1", "claude-opus-4-6@default"],
    "claude-opus-5": ["claude-opus-5-2026-07-24", "claude-opus-5.0", "claude-5-opus"],
    "claude-3-5-sonnet": ["anthropic.claude-3-5-sonnet-20241022-v2:0"],
    "claude-3-7-sonnet": ["claude-3-7-sonnet-latest", "anthropic/claude-3.7-sonnet:thinking"],
}


@pytest.mark.parametrize(
    ("model", "model_id"), [(model, name) for model, names in SAME.items() for name in names]
)
def test_an_id_finds_its_model(model: str, model_id: str) -> None:
    found = TABLE.find(model_id)

    assert found is not None
    assert found.id == model


@pytest.mark.parametrize(
    "model_id",
    [
        "claude-opus-4-10",
        "claude-opus-4-15-20270101",
        "claude-opus-5-6",
        "claude-sonnet-4-7",
        "claude-haiku-5",
        "claude-fable-5-3",
        "claude-opus-4-1-preview",
        "claude-opus-5-20269999",
        "my-claude-opus-5",
        "claude",
    ],
)
def test_another_generation_is_never_matched_by_its_beginning(model_id: str) -> None:
    assert TABLE.find(model_id) is None


def test_no_two_models_share_a_name() -> None:
    names = [name for model in TABLE.models for name in model.names]

    assert len(names) == len(set(names))


def test_every_name_in_the_table_is_bare() -> None:
    assert all(bare_name(name) == name for model in TABLE.models for name in model.names)
