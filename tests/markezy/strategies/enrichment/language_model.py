"""A stand-in for an OpenAI-compatible server (chat completions with structured output), faults included.

Wire format: https://platform.openai.com/docs/api-reference/chat
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any

from markezy.strategies.enrichment.settings import ENRICHABLE, ModelSettings

from tests.listening import listening

Texts = list[dict[str, str]]
Rewriting = Callable[[str], str]


@dataclass
class LanguageModel:
    """What it was asked, and how it behaves: `fault` names what goes wrong, `rewriting` makes one text of another."""

    host: str
    fault: str = ""
    rewriting: Rewriting = lambda text: text
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def base_url(self) -> str:
        return f"http://{self.host}/v1"

    @property
    def sent(self) -> str:
        """Everything that ever reached it."""
        return json.dumps(self.asked, ensure_ascii=False)


STATUSES = {"overloaded": 429, "broken": 500, "wrong_key": 401, "refuses_schema": 400}
FAULTS = (
    "refuses", "filters", "rambles", "breaks_json", "other_shape", "prose", "other_ids", "no_choices", "hangs_up", "redirects", "endless",
    *STATUSES,
)  # fmt: skip
"""All but `times_out`, which takes a client's whole patience."""


def settings_for(model: LanguageModel, **changed: Any) -> ModelSettings:
    """What an agency configures that uses the stand-in."""
    given = {
        "base_url": model.base_url, "model": "stand-in", "api_key": "sk-secret", "sections": ENRICHABLE,
        "monthly_cap": Decimal(10), "price_in": Decimal("0.5"), "price_out": Decimal(2), "active": True,
    }  # fmt: skip
    return ModelSettings(**{**given, **changed})


def _completion(content: str | None, finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_760_000_000, "model": "stand-in",
        "choices": [{
            "index": 0, "finish_reason": finish, "logprobs": None,
            "message": {"role": "assistant", "content": content, "refusal": refusal},
        }],
        "usage": {"prompt_tokens": 900, "completion_tokens": 400, "total_tokens": 1300},
    }  # fmt: skip


def _answer(model: LanguageModel, texts: Texts) -> dict[str, Any]:
    rewritten = [{"id": one["id"], "text": model.rewriting(one["text"])} for one in texts]
    good = json.dumps({"texts": rewritten}, ensure_ascii=False)
    match model.fault:
        case "refuses":
            return _completion(None, refusal="I can't help with that.")
        case "filters":
            return _completion(None, "content_filter")
        case "rambles":
            return _completion(good[: len(good) // 2], "length")
        case "breaks_json":
            return _completion(good[:-7])
        case "other_shape":
            return _completion(json.dumps({"text": "Here you go!"}))
        case "prose":
            return _completion("Sure! Here are the improved paragraphs: " + good)
        case "other_ids":
            return _completion(json.dumps({"texts": [*rewritten, {"id": "made.up", "text": "More."}]}))
        case "no_choices":
            return {**_completion(good), "choices": []}
    return _completion(good)


@contextmanager
def serving() -> Iterator[LanguageModel]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(body)
            model.keys.append(self.headers["Authorization"])
            if self.path != "/v1/chat/completions":
                return self._send(404, {"error": {"message": "no such route"}})
            if model.fault == "times_out":
                model.released.wait(30)
                return self.close_connection_at_once()
            if model.fault == "hangs_up":
                return self.close_connection_at_once()
            if model.fault == "redirects":
                self.send_response(307)
                self.send_header("Location", f"http://{model.host}/elsewhere")
                self.end_headers()
                return None
            if model.fault == "endless":
                return self._pour()
            if model.fault in STATUSES:
                return self._send(STATUSES[model.fault], {"error": {"message": "no", "type": "error"}})
            texts = json.loads(body["messages"][-1]["content"])["texts"]
            return self._send(200, _answer(model, texts))

        def close_connection_at_once(self) -> None:
            self.close_connection = True

        def _send(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _pour(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            try:
                for _ in range(200):
                    self.wfile.write(b" " * 65_536)
            except OSError:
                self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            pass

    with listening(Handler) as port:
        model = LanguageModel(f"127.0.0.1:{port}")
        try:
            yield model
        finally:
            model.released.set()
