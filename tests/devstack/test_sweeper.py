import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from devstack.sweeper import Sweeper

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import os, pathlib, subprocess, sys, time
from devstack.sweeper import Sweeper

sweeper = Sweeper()
marker = pathlib.Path("marker")
marker.touch()
sweeper.remove(marker)
child = subprocess.Popen(
    [sys.executable, "-c", "import os, time; os.fork(); time.sleep(600)"], start_new_session=True
)
sweeper.watch(child.pid)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment
    )
    with process:
        yield process
        process.kill()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.02)


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_children_and_grandchildren_end_when_their_parent_is_killed(
    parent: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    until(lambda: len(child.children()) == 1)
    family = [child, *child.children()]
    assert (tmp_path / "marker").exists()

    parent.send_signal(signal.SIGKILL)

    until(lambda: all(gone(member) for member in family))
    until(lambda: not (tmp_path / "marker").exists())


def test_a_pid_that_went_to_a_stranger_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "600"])
    announcement = f'{{"watch": {stranger.pid}, "signal": 9, "started": 1.0}}\n'
    try:
        subprocess.run([sys.executable, "-m", "devstack.sweeper"], input=announcement, text=True, cwd=ROOT, check=True)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_child_that_ended_before_it_was_announced_is_no_error() -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    with Sweeper() as sweeper:
        sweeper.watch(child.pid)
