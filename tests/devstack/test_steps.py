import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devstack.steps import Beside, Step, run

ROOT = Path(__file__).resolve().parents[2]


def step(title: str, program: str, folder: Path = ROOT) -> Step:
    return Step(title, [sys.executable, "-c", program], [ROOT], folder)


def waiting_for(file: str) -> str:
    return f"import pathlib, time\nwhile not pathlib.Path({file!r}).exists(): time.sleep(0.01)\n"


def test_all_steps_run_and_one_that_fails_fails_the_whole(capfd: pytest.CaptureFixture[str]) -> None:
    steps = [step("first", "raise SystemExit(3)"), step("second", "print('I ran')")]
    assert run(steps, os.environ) == 1
    said = capfd.readouterr().out
    assert "I ran" in said
    assert "FAILED (3)" in said
    assert run(steps[1:], os.environ) == 0


def test_a_step_about_nothing_is_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    nothing = Step("nothing", [sys.executable, "-c", "raise SystemExit(3)"], [])
    assert run([nothing, Beside(((nothing,), (step("something", ""),)))], os.environ) == 0
    assert "nothing" not in capfd.readouterr().out


def test_lanes_run_at_the_same_time_and_the_steps_of_one_in_turn(tmp_path: Path) -> None:
    """Each lane can only go on with what the other one has done."""
    left = (step("1", f"{waiting_for('b')}open('a', 'w')", tmp_path), step("2", "open('c', 'w')", tmp_path))
    right = (step("3", "open('b', 'w')", tmp_path), step("4", waiting_for("c"), tmp_path))
    assert run([Beside((left, right))], os.environ) == 0


def test_the_output_of_a_step_beside_others_stays_together(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    talking = "import sys\nprint('one', flush=True)\nprint('two', file=sys.stderr, flush=True)\n"
    left = step("left", f"{talking}open('spoken', 'w')\n{waiting_for('heard')}print('three')", tmp_path)
    right = step("right", f"{waiting_for('spoken')}print('between')\nopen('heard', 'w')", tmp_path)
    assert run([Beside(((left,), (right,)))], os.environ) == 0
    said = capfd.readouterr().out
    assert "\n━━━ left ━━━\none\ntwo\nthree\n" in said
    assert "\n━━━ right ━━━\nbetween\n" in said


def test_a_failure_in_a_lane_fails_the_whole_and_keeps_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    failing = (step("failing", "raise SystemExit(5)"), step("behind it", "open('ran', 'w')", tmp_path))
    assert (
        run([Beside((failing, (step("sound", ""),))), step("after", "open('after', 'w')", tmp_path)], os.environ) == 1
    )
    summary = capfd.readouterr().out.partition("━━━ summary ━━━")[2]
    assert [line.split()[0] for line in summary.split("\n") if line] == ["FAILED", "passed", "passed", "passed"]
    assert (tmp_path / "ran").exists()
    assert (tmp_path / "after").exists()


def test_an_interrupt_ends_all_lanes(tmp_path: Path) -> None:
    program = f"""
import os, sys
from pathlib import Path
from devstack.steps import Beside, Step, run
folder = Path({str(tmp_path)!r})
def step(name):
    return Step(name, [sys.executable, "-c", f"open({{name!r}}, 'w'); import time; time.sleep(600)"], [folder], folder)
run([Beside(((step("a"), step("late")), (step("b"),)))], os.environ)
"""
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "platform")))},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not ((tmp_path / "a").exists() and (tmp_path / "b").exists()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) != 0
    assert not (tmp_path / "late").exists()
