"""The ports of one checkout: two are chosen, the others follow, so that two checkouts can run side by side."""

import os
import random
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from devstack.servers import LOOPBACK, quiet_ports


class PortError(Exception):
    """A port cannot be used; the message says which and what to change."""


@dataclass(frozen=True)
class Ports:
    """Where each process listens."""

    platform: int
    bot: int
    actions: int

    @property
    def sandbox(self) -> int:
        return self.platform + 100

    @property
    def smtp(self) -> int:
        return self.platform + 125

    @property
    def postgres(self) -> int:
        return self.platform + 132

    @property
    def redis(self) -> int:
        return self.platform + 179

    def __iter__(self) -> Iterator[tuple[str, int, str]]:
        """Who listens, on which port, and the variable that moves it."""
        yield "the platform", self.platform, "MARKEZY_PORT"
        yield "Rasa", self.bot, "MARKEZY_BOT_PORT"
        yield "the action server", self.actions, "MARKEZY_ACTIONS_PORT"
        yield "the sandbox", self.sandbox, "MARKEZY_PORT"
        yield "the mail catcher", self.smtp, "MARKEZY_PORT"
        yield "PostgreSQL", self.postgres, "MARKEZY_PORT"
        yield "Redis", self.redis, "MARKEZY_PORT"


def read_ports(settings: Mapping[str, str]) -> Ports:
    """The ports that `settings` ask for; raises PortError when they make no sense."""
    platform = _port(settings, "MARKEZY_PORT")
    bot = _port(settings, "MARKEZY_BOT_PORT")
    actions = _port(settings, "MARKEZY_ACTIONS_PORT") if settings.get("MARKEZY_ACTIONS_PORT") else bot + 50
    ports = Ports(platform, bot, actions)
    owners: dict[int, str] = {}
    for owner, port, variable in ports:
        if port > 65535:
            raise PortError(f"Port {port} for {owner} does not exist: choose a lower {variable}.")
        if port in owners:
            raise PortError(f"Port {port} would serve both {owners[port]} and {owner}: change {variable}.")
        owners[port] = owner
    return ports


def choose_free() -> Ports:
    """Ports that are all free right now, for tests, and quiet, so that none is taken soon."""
    quiet = quiet_ports()
    while True:
        base = random.choice(quiet)  # noqa: S311 - nothing depends on its being secret
        ports = Ports(platform=base, bot=base + 300, actions=base + 350)
        if not {port for _, port, _ in ports} <= {*quiet}:
            continue
        with suppress(PortError):
            check_free(ports)
            return ports


def check_free(ports: Ports, besides: frozenset[str] = frozenset()) -> None:
    """Raise PortError for the first port that somebody else listens on; `besides` names whom we do not start."""
    for owner, port, variable in ports:
        if owner not in besides and not _is_free(port):
            raise PortError(
                f"Port {port}, needed for {owner}, is in use: set {variable} to another port and try again."
            )


def _port(settings: Mapping[str, str], variable: str) -> int:
    text = settings.get(variable, "")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PortError(f"{variable} must be a port number from 1 to 65535, not {text!r}.")
    return int(text)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise PortError(f"Port {port} needs more rights than this user has: choose one above 1023.") from None
        except OSError:
            return False
    return True
