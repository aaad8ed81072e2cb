import asyncio
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from devstack.supervisor import GaveUp, Program, Supervisor

MakeProgram = Callable[[str, str], Program]
RUN_FOR_EVER = "ready()\ntime.sleep(600)"


def pid_of(home: Path, name: str) -> int:
    return json.loads((home / "processes.json").read_text())[name]["pid"]


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the condition is in another process
            await asyncio.sleep(0.02)


def test_a_program_is_started_once_it_says_that_it_is_ready(
    supervisor: Supervisor, python_program: MakeProgram, tmp_path: Path
) -> None:
    async def scenario() -> None:
        await supervisor.start(
            python_program("one", "time.sleep(0.3)\nprint('hello')\nsys.stdout.flush()\n" + RUN_FOR_EVER)
        )
        assert (tmp_path / "one.ready").exists()
        assert json.loads((tmp_path / "processes.json").read_text())["one"]["state"] == "ready"
        assert supervisor.log("one").read_text() == "hello\n"
        await supervisor.stop()

    asyncio.run(scenario())


def test_a_program_may_say_that_it_is_ready_in_its_log_and_must_say_so_again_after_a_crash(
    supervisor: Supervisor, python_program: MakeProgram, tmp_path: Path, reports: list[str]
) -> None:
    async def scenario() -> None:
        once = "first = not os.path.exists('ran')\nopen('ran', 'w').close()\nif first: print('at work', flush=True)\n"
        quiet_afterwards = python_program("talker", once + RUN_FOR_EVER)
        await supervisor.start(Program(**{**vars(quiet_afterwards), "ready": "at work"}))
        first = pid_of(tmp_path, "talker")
        os.kill(first, signal.SIGKILL)
        await until(lambda: pid_of(tmp_path, "talker") != first)
        await asyncio.sleep(0.5)
        assert json.loads((tmp_path / "processes.json").read_text())["talker"]["state"] == "starting"
        assert "talker is back" not in reports
        await supervisor.stop()

    asyncio.run(scenario())


def test_a_crash_is_reported_with_the_end_of_the_log_and_the_program_comes_back(
    supervisor: Supervisor, python_program: MakeProgram, tmp_path: Path, reports: list[str]
) -> None:
    async def scenario() -> None:
        await supervisor.start(python_program("shaky", "print('about to work', flush=True)\n" + RUN_FOR_EVER))
        first = pid_of(tmp_path, "shaky")
        os.kill(first, signal.SIGKILL)
        await until(lambda: "shaky is back" in reports)
        assert "shaky was killed by SIGKILL" in reports[0]
        assert "about to work" in reports[0]
        assert pid_of(tmp_path, "shaky") != first
        await supervisor.stop()

    asyncio.run(scenario())


def test_a_program_that_keeps_crashing_is_given_up_and_the_others_run_on(
    supervisor: Supervisor, python_program: MakeProgram, tmp_path: Path, reports: list[str]
) -> None:
    async def scenario() -> None:
        await supervisor.start(python_program("steady", RUN_FOR_EVER))
        with pytest.raises(GaveUp, match="broken crashed 3 times in a row"):
            await supervisor.start(python_program("broken", "sys.exit('no such table')"))
        assert "no such table" in reports[0]
        assert runs(pid_of(tmp_path, "steady"))
        await supervisor.stop()

    asyncio.run(scenario())


def test_a_command_that_does_not_exist_is_given_up_with_its_name(supervisor: Supervisor, reports: list[str]) -> None:
    async def scenario() -> None:
        with pytest.raises(GaveUp):
            await supervisor.start(Program("missing", ["/no/such/command"], {}, ready=""))
        assert "/no/such/command" in reports[0]
        await supervisor.stop()

    asyncio.run(scenario())


def test_stop_ends_a_program_that_ignores_sigterm_with_all_its_children(
    supervisor: Supervisor, python_program: MakeProgram, tmp_path: Path
) -> None:
    async def scenario() -> None:
        stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nchild = os.fork()\n"
        note = "if child: pathlib.Path('child').write_text(str(child))\n"
        await supervisor.start(python_program("stubborn", stubborn + note + RUN_FOR_EVER))
        leader, child = pid_of(tmp_path, "stubborn"), int((tmp_path / "child").read_text())
        await supervisor.stop()
        assert not runs(leader)
        assert not runs(child)

    asyncio.run(scenario())


def test_stop_ends_nothing_that_the_supervisor_did_not_start(
    supervisor: Supervisor, python_program: MakeProgram
) -> None:
    async def scenario() -> None:
        stranger = await asyncio.create_subprocess_exec("sleep", "600")
        await supervisor.start(python_program("ours", RUN_FOR_EVER))
        await supervisor.stop()
        assert runs(stranger.pid)
        stranger.kill()
        await stranger.wait()

    asyncio.run(scenario())


def test_what_depends_on_a_database_stops_before_it(
    supervisor: Supervisor, python_program: MakeProgram, tmp_path: Path
) -> None:
    async def scenario() -> None:
        note_end = "signal.signal(signal.SIGTERM, lambda *_: (open('ends', 'a').write('{0}\\n'), os._exit(0)))\n"
        database = python_program("database", note_end.format("database") + RUN_FOR_EVER)
        await supervisor.start(Program(**{**vars(database), "stops_last": True}))
        slow = "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), open('ends', 'a').write('web\\n'), os._exit(0)))\n"
        await supervisor.start(python_program("web", slow + RUN_FOR_EVER))
        await supervisor.stop()
        assert (tmp_path / "ends").read_text() == "web\ndatabase\n"

    asyncio.run(scenario())
