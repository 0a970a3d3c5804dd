"""A widget is tried without a browser, and told what is wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from claude_mpm_monitor import WidgetSpec
from claude_mpm_monitor.testing import check_widget

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")

SDK = 'import { Widget, html } from "@mpm-monitor/sdk";\n'
GOOD = (
    SDK
    + """import { words } from "./words.js";
export default class Words extends Widget {
  render() {
    const all = this.monitor.store.documents("word").all;
    const line = ({ key, value }) => html`<li>${key} ${words(value.count)}</li>`;
    return html`<ul>${all.map(line)}</ul>`;
  }
}
"""
)


def widget(folder: Path, source: str) -> WidgetSpec:
    (folder / "words.js").write_text("export const words = (count) => `${count} times`;\n")
    (folder / "w.js").write_text(source)
    return WidgetSpec(
        id="test.words", title="Words", module="w.js", static_dir=folder, topics=("word",)
    )


def rendering(body: str, rest: str = "") -> str:
    return SDK + f"export default class W extends Widget {{ {rest} render() {{ {body} }} }}"


@needs_node
def test_what_a_widget_shows_can_be_read(tmp_path: Path) -> None:
    documents = {"word": {"tea": {"count": 2}, "<b>": {"count": 3}}}

    found = check_widget(widget(tmp_path, GOOD), documents)

    assert (found.text, found.problems, found.unchecked) == ("tea 2 times <b> 3 times", [], [])


@needs_node
def test_an_element_of_ones_own_is_run_and_what_only_a_browser_can_tell_is_said(
    tmp_path: Path,
) -> None:
    source = """export default class Plain extends HTMLElement {
      connectedCallback() {
        this.attachShadow({ mode: "open" }).textContent = this.monitor.version;
      }
    }"""

    found = check_widget(widget(tmp_path, source))

    assert found.problems == []
    assert found.unchecked == ["what it draws: it does not render by lit, only a browser can tell"]


ENDLESS = "connectedCallback() { super.connectedCallback(); setInterval(() => {}, 1000); }"
LISTENS = "connectedCallback() { this.monitor.store.subscribe(['x'], () => {}); }"
BROKEN = {
    "export default class {}": "it has no default export that extends HTMLElement",
    "export class W {}": "it has no default export that extends HTMLElement",
    "export default class extends HTMLElement {": "Unexpected end of input",
    rendering("return this.gone.too"): "Cannot read properties of undefined (reading 'too')",
    rendering("return html`${{}}`"): "it shows an object as text: {}",
    rendering("return html`${0 / 0}`"): "it shows NaN",
    rendering('return html`<p style="color: red"></p>`'): "a style attribute in a template",
    rendering('return html`<p onclick="go()"></p>`'): "a handler such as onclick=",
    rendering('return html`<img src="https://example.org/a.png">`'): "it loads from another host",
    rendering("this.monitor.api.get('days')"): "it asks for days: give check_widget an answer",
    rendering("fetch('/x')"): "it calls fetch: monitor.api is there for that",
    rendering("return 1", ENDLESS): "an interval goes on",
    rendering("return 1", LISTENS): "a subscription goes on",
    'import "react";' + GOOD: 'it imports "react", which the page does not provide',
    'import "../up.js";' + GOOD: 'it imports "../up.js", which is none of its own files',
    GOOD + "customElements.define('a-b', Words);": "it calls customElements.define",
}


@needs_node
@pytest.mark.parametrize("source", BROKEN, ids=list(BROKEN.values()))
def test_a_widget_that_does_not_keep_to_the_contract_is_told_how(
    tmp_path: Path, source: str
) -> None:
    found = check_widget(widget(tmp_path, source))

    assert any(BROKEN[source] in problem for problem in found.problems), found


@needs_node
def test_a_problem_says_where_it_is(tmp_path: Path) -> None:
    (problem,) = check_widget(widget(tmp_path, rendering("\nreturn gone"))).problems

    assert problem == "gone is not defined (w.js:3:1)"


def test_without_node_the_files_are_read_and_what_was_not_tried_is_said(tmp_path: Path) -> None:
    found = check_widget(widget(tmp_path, GOOD), node=None)

    assert (found.text, found.problems) == ("", [])
    assert found.unchecked[0].startswith("that it runs and what it shows")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("export class W {}", "it has no default export that extends HTMLElement"),
        ("// export default class\n", "it has no default export that extends HTMLElement"),
        ('import "react";' + GOOD, 'it imports "react", which the page does not provide'),
        ('import("../up.js");' + GOOD, 'it imports "../up.js", which is none of its own files'),
        ('import "./gone.js";' + GOOD, 'it imports "./gone.js", which is not there'),
        (GOOD + "customElements.define('a-b', Words);", "it calls customElements.define"),
    ],
)
def test_without_node_what_can_be_read_is_checked(
    tmp_path: Path, source: str, problem: str
) -> None:
    (found,) = check_widget(widget(tmp_path, source), node=None).problems

    assert problem in found


def test_a_module_that_is_not_there_is_named(tmp_path: Path) -> None:
    spec = widget(tmp_path, GOOD)
    (tmp_path / "w.js").unlink()

    assert check_widget(spec).problems == [f"there is no {tmp_path / 'w.js'}"]
