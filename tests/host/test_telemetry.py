"""Claude Code's telemetry: switched on for one launch, unless the user has it already."""

from __future__ import annotations

import json

import pytest

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.host import telemetry

URL = "http://127.0.0.1:4321"


def test_claude_is_told_to_report_here_in_a_form_we_take() -> None:
    environment = {"PATH": "/bin"}
    telemetry.add_to(environment, URL)

    assert environment["OTEL_EXPORTER_OTLP_ENDPOINT"] == URL
    assert environment["OTEL_EXPORTER_OTLP_PROTOCOL"] == "http/json"
    assert environment["CLAUDE_CODE_ENABLE_TELEMETRY"] == "1"
    assert {environment[f"OTEL_{name}_EXPORTER"] for name in ("METRICS", "LOGS", "TRACES")} == {
        "otlp"
    }
    assert environment["PATH"] == "/bin"


def test_intervals_the_user_has_chosen_stay() -> None:
    environment = {"OTEL_METRIC_EXPORT_INTERVAL": "60000"}
    telemetry.add_to(environment, URL)

    assert environment["OTEL_METRIC_EXPORT_INTERVAL"] == "60000"


@pytest.mark.parametrize(
    "name",
    [
        "CLAUDE_CODE_ENABLE_TELEMETRY",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_METRICS_EXPORTER",
    ],
)
def test_telemetry_of_the_users_own_is_left_alone(name: str) -> None:
    settings = {"env": {name: "x"}}
    inline = ["claude", "--settings", json.dumps(settings)]

    assert telemetry.users_own({name: "x"}, ["claude"], []) == name
    assert telemetry.users_own({}, ["claude"], [{}, settings]) == name
    assert telemetry.users_own({}, inline, []) == name


def test_other_variables_do_not_count() -> None:
    broken = {"env": ["OTEL_METRICS_EXPORTER"]}
    other = {"OTEL_RESOURCE_ATTRIBUTES": "team=x", "PATH": "/bin"}

    assert telemetry.users_own(other, ["claude", "--settings", "{}"], [broken]) == ""


def test_it_is_off_unless_the_variable_is_1() -> None:
    assert not Config.from_environment({}).telemetry
    assert not Config.from_environment({"CLAUDE_MPM_MONITOR_TELEMETRY": "0"}).telemetry
    assert Config.from_environment({"CLAUDE_MPM_MONITOR_TELEMETRY": "1"}).telemetry
