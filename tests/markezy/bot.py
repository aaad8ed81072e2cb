"""The bot's side of what the platform posts to it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.listening import listening


class Posted(NamedTuple):
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Bot:
    """What was posted, and which statuses it answers, the last one from then on."""

    url: str = ""
    posted: list[Posted] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])
    before_answer: Callable[[Posted], None] = lambda _posted: None
    """Gets what was posted; ConnectionAbortedError leaves it without an answer."""

    def said(self) -> list[str]:
        """The words of a person, and what other news are about."""
        return [one.body["data"].get("text", one.body["intent"]) for one in self.posted]


@contextmanager
def standing_in() -> Iterator[Bot]:
    """A bot for as long as a block runs."""
    bot = Bot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posted = Posted(self.path, dict(self.headers), body)
            bot.posted.append(posted)
            try:
                bot.before_answer(posted)
            except ConnectionAbortedError:
                return
            self.send_response(bot.statuses.pop(0) if len(bot.statuses) > 1 else bot.statuses[0])
            self.end_headers()
            self.wfile.write(b'{"messages": []}')

        def log_message(self, *_arguments: object) -> None:
            pass

    with listening(Handler) as port:
        bot.url = f"http://127.0.0.1:{port}"
        yield bot
