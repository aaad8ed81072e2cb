"""`make demo`: bring everything up, say where to look, keep it running, and end it all on Ctrl-C."""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import psycopg
import sqlalchemy.exc
from markezy.bootstrap import prepare_database

from devstack import files, model, pidfile, programs, welcome
from devstack.configuration import BOT_PYTHON, DATABASE, PLATFORM_PYTHON, ROOT, Configuration, configure, free_gigabytes
from devstack.ports import PortError, check_free
from devstack.servers import ServerError
from devstack.stack import Stack
from devstack.supervisor import GaveUp, Program, Supervisor
from devstack.sweeper import Sweeper

__all__ = ["Stack", "main"]

_LEAST_FREE_GIGABYTES = 2
_STILL_BUSY_SECONDS = 15
_SWEEP_SECONDS = 12


class DemoError(Exception):
    """The demo cannot go on; the message is for the person at the terminal."""


class Demo:
    """One demo from the first check to the last process ended."""

    def __init__(self, configuration: Configuration, sweeper: Sweeper) -> None:
        self._configuration = configuration
        self._sweeper = sweeper
        self._started = time.monotonic()
        self._supervisor = Supervisor(configuration.home, sweeper, self._say)
        self._demo_file = configuration.home / "demo.json"

    async def run(self) -> None:
        """Bring everything up and keep it running until a signal says stop."""
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        self._demo_file.unlink(missing_ok=True)
        self._sweeper.remove(self._demo_file)
        start = asyncio.create_task(self._start())
        wait = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((start, wait), return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                _raise_cause(start)
                await wait
        finally:
            self._demo_file.unlink(missing_ok=True)
            start.cancel()
            await asyncio.gather(start, return_exceptions=True)
            self._say("stopping")
            await self._supervisor.stop()
            self._say("everything has stopped")

    async def _start(self) -> None:
        async with asyncio.TaskGroup() as group:
            training = group.create_task(self._train())
            independent = [group.create_task(self._try(p)) for p in programs.independent(self._configuration)]
            await self._start_servers()
            await self._migrate()
            platform = [group.create_task(self._try(p)) for p in programs.platform(self._configuration)]
            seeding = group.create_task(self._seed())
            rasa = group.create_task(self._try(programs.rasa(self._configuration, await training)))
        complete = all(task.result() for task in (*independent, *platform, rasa))
        if not complete:
            self._say("Markezy is running, but not complete: see above. Ctrl-C ends it.")
            return
        demo = self._describe(seeding.result())
        # It names a database password.
        files.write_json(self._demo_file, demo, mode=0o600)
        self._say("Markezy is ready")
        welcome.show(demo, self._configuration.sandbox_url)

    async def _try(self, program: Program) -> bool:
        try:
            await self._supervisor.start(program)
        except GaveUp:
            return False
        self._say(f"{program.name} is ready")
        return True

    async def _start_servers(self) -> None:
        for server in (self._configuration.postgres, self._configuration.redis):
            if server:
                await asyncio.to_thread(server.prepare)
        started = await asyncio.gather(*(self._try(p) for p in programs.servers(self._configuration).values()))
        if not all(started):
            raise DemoError("Without its databases Markezy cannot run.")

    async def _migrate(self) -> None:
        configuration = self._configuration
        try:
            if configuration.postgres:
                await asyncio.to_thread(configuration.postgres.create_database, DATABASE)
            await asyncio.to_thread(
                prepare_database,
                configuration.owner_url,
                configuration.secrets["APP_PASSWORD"],
                configuration.secrets["RELAY_PASSWORD"],
            )
        except (psycopg.Error, sqlalchemy.exc.SQLAlchemyError, ValueError) as error:
            cause = getattr(error, "orig", None) or error
            raise DemoError(f"The database could not be prepared: {cause}") from None
        self._say("the database is migrated")

    async def _seed(self) -> list[dict[str, Any]]:
        command = [str(PLATFORM_PYTHON), "-m", "markezy.cli", "seed", "--demo"]
        output = await self._step("seed", "filling in the demo agencies", command)
        try:
            tenants: list[dict[str, Any]] = json.loads(output)
        except ValueError:
            raise DemoError(f"`markezy.cli seed --demo` printed no JSON; {self._see('seed')}") from None
        return tenants

    async def _train(self) -> Path:
        cache = self._configuration.model_cache
        digest = model.model_hash(ROOT, model.rasa_version(BOT_PYTHON.parent.parent))
        trained = cache / f"{digest}.tar.gz"
        if trained.exists():
            os.utime(trained)
            return trained
        draft = model.draft_path(cache)
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            await self._step("train", "training Rasa's model", model.training_command(ROOT, BOT_PYTHON, draft))
            model.keep(draft, trained)
        finally:
            shutil.rmtree(draft.parent, ignore_errors=True)
        return trained

    async def _step(self, name: str, what: str, command: Sequence[str]) -> str:
        """Run a command that ends by itself and return what it prints; DemoError when it fails."""
        self._say(what)
        log_path = self._supervisor.log(name)
        rasa = {
            "RASA_TELEMETRY_ENABLED": "false",
            "RASA_CACHE_DIRECTORY": str(self._configuration.model_cache / "training-cache"),
        }
        with log_path.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=self._configuration.environment(name) | rasa,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._sweeper.watch(process.pid)
        progress = asyncio.create_task(self._say_still(what))
        try:
            output, _ = await process.communicate()
        finally:
            progress.cancel()
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode:
            raise DemoError(f"{what} failed:\n{self._supervisor.tail(name)}\n{self._see(name)}")
        return output.decode()

    async def _say_still(self, what: str) -> None:
        while True:
            await asyncio.sleep(_STILL_BUSY_SECONDS)
            self._say(f"still {what}")

    def _describe(self, tenants: list[dict[str, Any]]) -> dict[str, Any]:
        configuration = self._configuration
        return {
            "platform_url": configuration.platform_url,
            "bot_url": configuration.bot_url,
            "database_url": configuration.app_url,
            "redis_url": configuration.redis_url,
            "mail_url": f"{configuration.sandbox_url}/mail",
            "sandbox_crm_url": f"{configuration.sandbox_url}/crm",
            "tenants": tenants,
        }

    def _see(self, name: str) -> str:
        return f"the whole log is {self._supervisor.log(name)}"

    def _say(self, line: str) -> None:
        print(f"[{time.monotonic() - self._started:4.0f} s] {line}", flush=True)


def _raise_cause(task: asyncio.Task[None]) -> None:
    try:
        task.result()
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


def run(configuration: Configuration) -> None:
    """Check, claim the home, run, release it."""
    home = configuration.home
    if process := pidfile.running(home):
        raise DemoError(f"Markezy already runs in {home} (process {process.pid}); `make stop` ends it.")
    if (free := free_gigabytes(home)) < _LEAST_FREE_GIGABYTES:
        raise DemoError(f"Only {free:.1f} GB are free on the disk of {home}; Markezy needs {_LEAST_FREE_GIGABYTES} GB.")
    names = {"PostgreSQL": configuration.postgres, "Redis": configuration.redis}
    not_ours = frozenset(name for name, server in names.items() if server is None)
    _check_ports(configuration, not_ours)
    pidfile.claim(home)
    try:
        with Sweeper() as sweeper:
            asyncio.run(Demo(configuration, sweeper).run())
    finally:
        pidfile.release(home)


def _check_ports(configuration: Configuration, not_ours: frozenset[str]) -> None:
    # After a run that was killed its sweeper may still be ending the processes.
    deadline = time.monotonic() + (_SWEEP_SECONDS if pidfile.exists(configuration.home) else 0)
    while True:
        try:
            return check_free(configuration.ports, not_ours)
        except PortError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def stop(home: Path) -> str:
    """End the demo that runs in `home`, and nothing else; say what happened."""
    process = pidfile.running(home)
    if process is None:
        return f"Markezy is not running in {home}."
    process.terminate()
    try:
        process.wait(timeout=20)
    except psutil.TimeoutExpired:
        return f"Markezy (process {process.pid}) is still stopping; its logs are in {home / 'logs'}."
    return "Markezy has stopped."


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="devstack.demo", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["start", "stop"], default="start")
    parser.add_argument("--home", type=Path, help="in place of MARKEZY_HOME")
    options = parser.parse_args(arguments)
    try:
        configuration = configure(dict(os.environ), options.home)
        if options.command == "stop":
            print(stop(configuration.home))
        else:
            run(configuration)
    except (DemoError, PortError, ServerError, FileNotFoundError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
