"""`make test`, `make lint`, `make bench` and `make attack`: which steps they are."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from devstack import chromium, setup
from devstack.configuration import BOT_PYTHON, PLATFORM_PYTHON, ROOT
from devstack.steps import Beside, Step, run

_MOST_TEST_PROCESSES = 4
_TESTS_AT_A_TIME = "16"
"""Given to a test process at once. Of more, one process would be left with a long row of slow ones while the others are done."""
_LONG = "MARKEZY_ATTACK_LONG"
"""Set: the attacks that vary at random try more (tests/attack/conftest.py)."""
_PYTHON_3_12 = ("platform/markezy", "actions", "devstack", "envelope", "fairuse", "transport")


def lint_steps() -> list[Step]:
    """Formatting, lint rules, types, boundaries."""
    tools = PLATFORM_PYTHON.parent
    typed = _existing(_PYTHON_3_12)
    return [
        Step("ruff format", [str(tools / "ruff"), "format", "--check", "."], [ROOT]),
        Step("ruff check", [str(tools / "ruff"), "check", "."], [ROOT]),
        Step("mypy --strict", [str(tools / "mypy"), *map(str, typed)], typed),
        Step("import boundaries", [str(tools / "lint-imports")], _existing([".importlinter"])),
    ]


def test_steps() -> list[Step | Beside]:
    """All tests, by interpreter. Those that take most of the machine for themselves, with a whole Markezy, come last and alone."""
    processes = str(min(_MOST_TEST_PROCESSES, os.cpu_count() or 1))
    platform = _existing(
        f"tests/{part}"
        for part in ("markezy", "actions", "devstack", "architecture", "envelope", "fairuse", "transport")
    )
    bot = _existing(f"tests/{part}" for part in ("bot", "channels", "envelope"))
    journeys = _existing(["tests/journeys", "tests/widget", "tests/chaos"])
    stories = ROOT / "tests" / "stories" / "run.py"
    widget = ROOT / "channels" / "widget" / "web"
    longest = Step(
        "platform, actions, devstack (3.12)",
        _pytest(PLATFORM_PYTHON, platform, "-n", processes, "--maxschedchunk", _TESTS_AT_A_TIME),
        platform,
    )
    others = (
        _apart(Step("bot and channels (3.10)", _pytest(BOT_PYTHON, bot), bot)),
        Step("rasa data validate, rasa test", [str(BOT_PYTHON), "-W", "ignore", str(stories)], _existing([stories])),
        Step("the widget's own tests", ["npm", "test", "--if-present"], _existing([widget / "package.json"]), widget),
        *(_apart(step) for step in attack_steps()),
    )
    return [
        Beside(((longest,), others)),
        Step("journeys through the whole of Markezy", _pytest(PLATFORM_PYTHON, journeys), journeys),
    ]


def attack_steps() -> list[Step]:
    """What an attacker would try. One process, because the table of attempts at its end is of one."""
    attack = _existing(["tests/attack"])
    return [Step("attacks", _pytest(PLATFORM_PYTHON, attack), attack)]


def bench_steps() -> list[Step]:
    """The comparisons in `bench/`."""
    entry = ROOT / "bench" / "__main__.py"
    return [Step("comparisons", [str(PLATFORM_PYTHON), "-m", "bench"], _existing([entry]))]


def _apart(step: Step) -> Step:
    """With a PostgreSQL and a Redis of its own: tests count what is in theirs, and wait for its transactions."""
    return replace(step, command=[str(PLATFORM_PYTHON), "-m", "devstack.services", "--", *step.command])


def _pytest(python: Path, paths: Iterable[Path], *options: str) -> list[str]:
    return [str(python), "-m", "pytest", "--import-mode=importlib", "-q", *options, *map(str, paths)]


def _existing(paths: Iterable[str | Path]) -> list[Path]:
    return [ROOT / path for path in paths if (ROOT / path).exists()]


def _environment() -> dict[str, str]:
    browser = chromium.find()
    return os.environ | setup.node_path() | ({"MARKEZY_CHROMIUM": browser} if browser else {})


def main() -> int:
    """The command line: `test`, `lint`, `bench` or `attack`."""
    match sys.argv[1:]:
        case ["lint"]:
            return run(lint_steps(), _environment())
        case ["bench"]:
            return run(bench_steps(), _environment())
        case ["test"]:
            return _beside_services("test-here")
        case ["attack"]:
            return _beside_services("attack-here")
        case ["test-here"]:
            return run(test_steps(), _environment())
        case ["attack-here"]:
            os.environ[_LONG] = "1"
            return run(attack_steps(), _environment())
        case _:
            print("usage: python -m devstack.checks test|lint|bench|attack", file=sys.stderr)
            return 2


def _beside_services(what: str) -> int:
    """Run this module again as `what`, with a PostgreSQL and a Redis for the tests."""
    again = [sys.executable, "-m", __spec__.name, what]
    return subprocess.run([str(PLATFORM_PYTHON), "-m", "devstack.services", "--", *again], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
