"""The session itself: a search that cannot find "Crème brûlée", mended with three agents."""

from __future__ import annotations

import uuid

from claude_mpm_monitor.sample.recorder import Recorder, Step
from claude_mpm_monitor.sample.replies import (
    bash,
    content,
    created,
    edit,
    edited,
    found,
    output,
)

DIRECTORY = "/sample/recipe-box"
SEARCH = f"{DIRECTORY}/recipe_box/search.py"
TEST = f"{DIRECTORY}/tests/test_search.py"

SEARCH_BEFORE = '''"""Finding recipes by what a cook remembers of their title."""

from recipe_box.store import Recipe


def normalise(text: str) -> str:
    return text.lower().encode("ascii", "ignore").decode()


def search(recipes: list[Recipe], words: str) -> list[Recipe]:
    wanted = words.lower().split()
    return [r for r in recipes if all(w in normalise(r.title) for w in wanted)]
'''
NORMALISE_OLD = '    return text.lower().encode("ascii", "ignore").decode()\n'
NORMALISE_NEW = (
    '    decomposed = unicodedata.normalize("NFKD", text.casefold())\n'
    '    return "".join(c for c in decomposed if not unicodedata.combining(c))\n'
)
IMPORT_OLD = "from recipe_box.store import Recipe\n"
IMPORT_NEW = "import unicodedata\n\nfrom recipe_box.store import Recipe\n"
WORDS_OLD = "    wanted = words.lower().split()\n"
WORDS_NEW = "    wanted = normalise(words).split()\n"
TEST_TEXT = """import pytest

from recipe_box.search import search
from recipe_box.store import Recipe

CREME = Recipe(title="Crème brûlée")
STRASSE = Recipe(title="Käsespätzle")


@pytest.mark.parametrize("words", ["crème", "creme", "BRÛLÉE", "brulee crème"])
def test_accents_do_not_matter_when_searching(words: str) -> None:
    assert search([CREME, STRASSE], words) == [CREME]
"""
FAILED = """Exit code 1
FFFF                                                                     [100%]
=================================== FAILURES ===================================
__________________ test_accents_do_not_matter_when_searching[crème] ____________
E       AssertionError: assert [] == [Recipe(title='Crème brûlée')]
tests/test_search.py:12: AssertionError
4 failed in 0.09s"""
HALF = """Exit code 1
F.F.                                                                     [100%]
E       AssertionError: assert [] == [Recipe(title='Crème brûlée')]
2 failed, 2 passed in 0.08s"""
PROMPT = (
    'Searching for "crème" finds nothing although we have a recipe for Crème brûlée. '
    "Find out why, mend it, and add a test. Spelling without accents should work too."
)
ANSWER = (
    "Searching finds accented titles now, with and without accents. `normalise` threw every "
    "accented letter away instead of its accent, and the words typed were not normalised at all. "
    "tests/test_search.py covers both; all 41 tests pass. I have not pushed."
)


def session() -> list[Step]:
    """Return a new telling of the session; each has ids of its own."""
    main = Recorder(session_id=str(uuid.uuid4()), directory=DIRECTORY)
    main.hook("SessionStart", source="startup", model="claude-opus-5-5")
    main.wait(2)
    main.prompt(PROMPT)
    main.wait(2.5)
    _look(main)
    _delegate(main)
    _mend(main)
    _finish(main)
    main.wait(4)
    main.prompt("Thanks! Which recipes would have been hidden before?")
    main.wait(2)
    listing = "Crème brûlée\nKäsespätzle\nJalapeño poppers\nŒufs en meurette"
    main.tool(
        "Bash",
        bash("grep -rhP '[^\\x00-\\x7F]' data/titles.txt", "List titles with accents"),
        output(listing),
        0.4,
    )
    main.wait(2)
    main.stop("Four: Crème brûlée, Käsespätzle, Jalapeño poppers and Œufs en meurette.")
    main.wait(3)
    main.hook("SessionEnd", reason="prompt_input_exit")
    return main.story()


def _look(main: Recorder) -> None:
    task = {"subject": "Make search ignore accents", "description": "Reproduce, mend, test"}
    main.tool("TaskCreate", task, {"task": {"id": "1", **task}}, 0.1)
    main.tool(
        "Grep",
        {"pattern": "def (search|normalise)", "path": DIRECTORY},
        found("recipe_box/search.py", "recipe_box/importer.py"),
        0.3,
    )
    main.tool("Read", {"file_path": SEARCH}, content(SEARCH, SEARCH_BEFORE), 0.2)
    main.wait(2)


def _delegate(main: Recorder) -> None:
    """Two agents at once: one writes the failing test, the other looks for further callers."""
    explorer = main.delegate(
        "Explore", "Find callers of normalise", "Who else relies on normalise() losing letters?"
    )
    tester = main.delegate(
        "test-engineer", "Write a failing test", "Write tests for searching with accents."
    )
    look = explorer.worker
    look.tool("Grep", {"pattern": "normalise\\("}, found("recipe_box/search.py"), 0.7)
    look.tool(
        "Glob", {"pattern": "**/*.py"}, found("recipe_box/store.py", "tests/test_store.py"), 0.4
    )
    look.failing(
        "Read",
        {"file_path": f"{DIRECTORY}/recipe_box/index.py"},
        f"File does not exist. Note: your current working directory is {DIRECTORY}.",
        0.2,
    )
    look.tool(
        "mcp__docs__lookup",
        {"query": "unicodedata.normalize NFKD"},
        [{"type": "text", "text": "NFKD applies the compatibility decomposition."}],
        1.4,
        mcp_server={"name": "docs", "source": "project"},
    )
    write = tester.worker
    write.tool("Read", {"file_path": SEARCH}, content(SEARCH, SEARCH_BEFORE), 0.2)
    write.wait(2)
    write.tool("Write", {"file_path": TEST, "content": TEST_TEXT}, created(TEST, TEST_TEXT), 0.3)
    write.failing("Bash", bash("pytest -q tests/test_search.py", "Run the new test"), FAILED, 2.3)
    explorer.finish("Only search() calls normalise(); the importer keeps titles as they are.")
    tester.finish("tests/test_search.py fails for all four spellings, as it should.")
    main.wait(2)


def _mend(main: Recorder) -> None:
    step = SEARCH_BEFORE
    for old, new in ((NORMALISE_OLD, NORMALISE_NEW), (IMPORT_OLD, IMPORT_NEW)):
        main.tool("Edit", edit(SEARCH, old, new), edited(SEARCH, step, old, new), 0.2)
        step = step.replace(old, new, 1)
    test = bash("pytest -q tests/test_search.py", "Run the new test")
    main.failing("Bash", test, HALF, 2.1)
    main.wait(2)
    main.tool(
        "Edit",
        edit(SEARCH, WORDS_OLD, WORDS_NEW),
        edited(SEARCH, step, WORDS_OLD, WORDS_NEW),
        0.2,
    )
    main.tool("Bash", test, output("....      [100%]\n4 passed in 0.06s"), 2.0)
    main.tool("Bash", bash("pytest -q", "Run all tests"), output("41 passed in 3.12s"), 4.2)


def _finish(main: Recorder) -> None:
    review = main.delegate("code-reviewer", "Review the change", "Review the diff of search.py.")
    review.worker.tool(
        "Bash",
        bash("git diff --stat", "Show what changed"),
        output(" recipe_box/search.py | 8 +++++---\n tests/test_search.py | 12 ++++++++++++"),
        0.3,
    )
    review.worker.wait(3)
    review.finish("Good. `casefold` also handles ß; nothing to change.")
    main.wait(1)
    main.denied("Bash", bash("git push origin main", "Push"), "The user wants to push later.", 3.5)
    main.tool(
        "TaskUpdate",
        {"taskId": "1", "status": "completed"},
        {"success": True, "taskId": "1", "statusChange": {"from": "pending", "to": "completed"}},
        0.1,
    )
    main.wait(1)
    main.stop(ANSWER)
