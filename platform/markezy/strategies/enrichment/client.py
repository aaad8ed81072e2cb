"""Asking the language model: one request, one structured answer, or ModelFailed.

The wire format is OpenAI's chat completions with `response_format` of type `json_schema`
(https://platform.openai.com/docs/guides/structured-outputs), which many servers speak. Requests go through the gate for outgoing
HTTP (kernel.outgoing), so that an agency's base URL can't lead into the operator's network.
"""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass

import httpx2
import openai
import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from markezy.kernel import outgoing
from markezy.strategies.enrichment.prompting import SCHEMA, instructions
from markezy.strategies.enrichment.settings import ModelSettings

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 45.0
LARGEST_ANSWER = 2_000_000
"""Bytes; more is no answer to this question."""


class ModelFailed(Exception):
    """No usable answer. The reason is one word and holds nothing of the question or the answer."""


@dataclass(frozen=True)
class Answer:
    """The texts by block id, and the tokens that were paid for."""

    texts: Mapping[str, str]
    tokens_in: int
    tokens_out: int


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=200)
    text: str = Field(max_length=20_000)


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    texts: list[_Text] = Field(max_length=200)


def rewrite(
    settings: ModelSettings,
    locale: str,
    texts: Mapping[str, str],
    most_tokens: int,
    allowed_private_hosts: Set[str] = frozenset(),
    patience: float = ANSWER_SECONDS,
) -> Answer:
    """Ask for other words for these texts, and wait so many seconds. ModelFailed when the model can't be reached, refuses, or answers
    something else."""
    transport = _Gate(allowed_private_hosts, patience)
    timeout = httpx2.Timeout(patience, connect=CONNECT_SECONDS)
    with httpx2.Client(transport=transport, timeout=timeout, trust_env=False) as http:
        client = openai.OpenAI(
            api_key=settings.api_key, base_url=settings.base_url, max_retries=0, timeout=timeout, http_client=http
        )
        try:
            completion = client.chat.completions.create(
                model=settings.model,
                messages=[
                    {"role": "system", "content": instructions(locale)},
                    {"role": "user", "content": json.dumps({"texts": _listed(texts)}, ensure_ascii=False)},
                ],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "texts", "strict": True, "schema": SCHEMA},
                },
                max_completion_tokens=most_tokens,
                temperature=0.4,
            )
        except openai.APITimeoutError:
            raise ModelFailed("time_out") from None
        except openai.APIStatusError as error:
            raise ModelFailed(f"status_{error.status_code}") from None
        except (openai.OpenAIError, httpx2.HTTPError, ValueError, TypeError) as error:
            raise ModelFailed(type(error).__name__) from None
    return _read(completion, set(texts))


def _read(completion: openai.types.chat.ChatCompletion, asked: Set[str]) -> Answer:
    # A server that is not OpenAI's may leave out anything, and the library does not check.
    try:
        choice, usage = completion.choices[0], completion.usage
        refused, content, reason = choice.message.refusal, choice.message.content, choice.finish_reason
    except (AttributeError, IndexError, TypeError):
        raise ModelFailed("malformed") from None
    if refused:
        raise ModelFailed("refused")
    if reason != "stop":
        raise ModelFailed("cut_off" if reason == "length" else "stopped")
    try:
        answered = _Texts.model_validate_json(content or "")
    except ValidationError:
        raise ModelFailed("malformed") from None
    texts = {one.id: one.text for one in answered.texts}
    if len(texts) != len(answered.texts) or not set(texts) <= asked:
        raise ModelFailed("other_texts")
    return Answer(texts, _count(usage, "prompt_tokens"), _count(usage, "completion_tokens"))


def _count(usage: object, name: str) -> int:
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and value >= 0 else 0


def _listed(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": id_, "text": text} for id_, text in texts.items()]


class _Gate(httpx2.BaseTransport):
    """Sends through a guarded session: public addresses only, looked at when the connection stands; no redirects, no endless answers."""

    def __init__(self, allowed_private_hosts: Set[str], patience: float) -> None:
        self._session = outgoing.session(allowed_private_hosts)
        self._patience = patience

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in {"host", "accept-encoding"}
        }
        try:
            with self._session.request(
                request.method, str(request.url), data=request.read(), headers=headers, allow_redirects=False, stream=True,
                timeout=(CONNECT_SECONDS, self._patience),
            ) as answer:  # fmt: skip
                body = _bounded(answer)
                kept = {name: value for name, value in answer.headers.items() if name.lower() == "content-type"}
                return httpx2.Response(answer.status_code, headers=kept, content=body, request=request)
        except requests.Timeout as error:
            raise httpx2.ReadTimeout("no answer in time", request=request) from error
        except requests.RequestException as error:
            raise httpx2.ConnectError("the connection failed", request=request) from error

    def close(self) -> None:
        self._session.close()


def _bounded(answer: requests.Response) -> bytes:
    body = b""
    for piece in answer.iter_content(65_536):
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("the answer is too long")
    return body
