import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from devstack import demo, pidfile
from devstack.configuration import configure

ROOT = Path(__file__).resolve().parents[2]
PYTHONPATH = os.pathsep.join((str(ROOT), str(ROOT / "platform")))
PORTS = {"MARKEZY_PORT": "21000", "MARKEZY_BOT_PORT": "21200"}


def test_stop_says_when_nothing_runs(tmp_path: Path) -> None:
    assert demo.stop(tmp_path) == f"Markezy is not running in {tmp_path}."


def test_stop_leaves_a_stranger_alone_who_has_the_recorded_pid(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        (tmp_path / "demo.pid").write_text(f'{{"pid": {stranger.pid}, "started": 1.5}}')
        assert "not running" in demo.stop(tmp_path)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_stop_ends_the_recorded_process(tmp_path: Path) -> None:
    process = psutil.Popen(["sleep", "600"])
    (tmp_path / "demo.pid").write_text(f'{{"pid": {process.pid}, "started": {process.create_time()!r}}}')
    assert demo.stop(tmp_path) == "Markezy has stopped."
    assert process.wait() != 0


def test_a_broken_pid_file_counts_as_not_running(tmp_path: Path) -> None:
    (tmp_path / "demo.pid").write_text("{")
    assert pidfile.running(tmp_path) is None


def test_a_second_demo_in_the_same_home_is_refused(tmp_path: Path) -> None:
    pidfile.claim(tmp_path)
    with pytest.raises(demo.DemoError, match="already runs"):
        demo.run(configure(PORTS, tmp_path))


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "free_gigabytes", lambda _home: 0.3)
    with pytest.raises(demo.DemoError, match=r"Only 0\.3 GB are free"):
        demo.run(configure(PORTS, tmp_path))


def test_a_wrong_setting_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "devstack.demo"],
        env={**os.environ, "PYTHONPATH": PYTHONPATH, "MARKEZY_HOME": str(tmp_path), "MARKEZY_PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.strip() == "MARKEZY_PORT must be a port number from 1 to 65535, not 'eighty'."
