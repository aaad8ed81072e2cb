"""`python -m devstack.services -- <command…>`: run a command beside a fresh PostgreSQL and Redis.

The command finds MARKEZY_TEST_POSTGRES_URL (a superuser's URL; database `markezy_template` is migrated, the roles
markezy_app and markezy_relay have the password `test`) and REDIS_URL. Both servers and their files are gone when the
command ends; its exit code is passed on.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from markezy.bootstrap import prepare_database

from devstack.servers import Postgres, Redis, ServerError, free_port
from devstack.sweeper import Sweeper

_START_SECONDS = 60
_PASSWORD = "test"  # noqa: S105 - a throw-away cluster on loopback
TEMPLATE = "markezy_template"


class _Terminated(Exception):
    """SIGTERM arrived."""


def _run(command: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="markezy-services-"))
    folder.chmod(0o711)
    children: list[subprocess.Popen[bytes]] = []
    try:
        with Sweeper() as sweeper:
            sweeper.remove(folder)
            return _serve(folder, sweeper, children, command)
    finally:
        for child in children:
            child.wait()


def _serve(folder: Path, sweeper: Sweeper, children: list[subprocess.Popen[bytes]], command: list[str]) -> int:
    postgres = Postgres(folder / "postgres", free_port(), _PASSWORD, durable=False)
    redis = Redis(folder / "redis", free_port(), _PASSWORD, durable=False)
    children.append(_start(redis, folder / "redis.log", sweeper))
    children.append(_start(postgres, folder / "postgres.log", sweeper))
    postgres.create_database(TEMPLATE)
    prepare_database(postgres.url(TEMPLATE), _PASSWORD, _PASSWORD)
    environment = os.environ | {"MARKEZY_TEST_POSTGRES_URL": postgres.url(), "REDIS_URL": redis.url()}
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise ServerError(f"cannot run {command[0]}: {error.strerror}") from None
    sweeper.watch(child.pid)
    return _wait(child)


def _start(server: Postgres | Redis, log: Path, sweeper: Sweeper) -> subprocess.Popen[bytes]:
    server.prepare()
    with log.open("wb") as output:
        process = subprocess.Popen(
            server.command(), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/"
        )
    sweeper.watch(process.pid, server.stop_signal)
    _await(server.ready, process, log)
    return process


def _await(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"{log.stem} did not start:\n{log.read_text(errors='replace').strip()[-2000:]}")
        time.sleep(0.05)


def _wait(child: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the terminal sent it to the command as well, which decides how to end
        except _Terminated:
            child.terminate()


def _on_sigterm(*_: object) -> None:
    raise _Terminated


def main() -> int:
    """Parse the command line and run."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        print("usage: python -m devstack.services -- <command…>", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _on_sigterm)
    try:
        code = _run(arguments)
    except ServerError as error:
        print(f"devstack.services: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, _Terminated):
        return 130
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
