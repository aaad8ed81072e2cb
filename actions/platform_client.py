"""Calls to the platform: service token, correlation id, and a bounded number of tries within Rasa's patience."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import jwt
import requests
import structlog
from requests.adapters import HTTPAdapter

from actions.failure import ConsentOutdated, PlatformRefused, PlatformUnreachable
from actions.settings import Settings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

WITHIN = 6.0
"""Seconds for all tries of one call together; Rasa waits 8 for the whole action (`bot/remote_action.py`)."""
_PAUSES = (0.1, 0.3, 0.9, 1.5)
_CONNECT_TIMEOUT = 1.0
_READ_TIMEOUT = 4.0
_TOKEN_SECONDS = 60
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
_CONFLICT = 409
_CONNECTIONS = 32


class PlatformClient:
    """Safe to share; blocking I/O runs in threads, so that the event loop goes on serving other leads."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.platform_url
        self._secret = settings.service_secret
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = settings.tls_ca or True
        self._session.mount(self._url, HTTPAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS))

    async def flow_version(self, tenant_id: str, flow_version_id: str, correlation_id: str) -> dict[str, Any]:
        """`{"id", "number", "definition"}`."""
        path = f"/internal/flow-versions/{quote(flow_version_id, safe='')}"
        return await self._call("GET", path, tenant_id, correlation_id)

    async def report_qualified(
        self, tenant_id: str, lead_id: str, key: str, body: Mapping[str, Any], correlation_id: str
    ) -> None:
        """Hand a qualified lead over. The platform does it once per `key`, however often it is told. ConsentOutdated when
        the lead has to be asked for a consent again first."""
        path = f"/internal/leads/{quote(lead_id, safe='')}/qualified"
        await self._call("POST", path, tenant_id, correlation_id, body, key)

    async def _call(
        self,
        method: str,
        path: str,
        tenant_id: str,
        correlation_id: str,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        deadline = time.monotonic() + WITHIN
        problem = "it was not tried"
        for pause in (*_PAUSES, None):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                response = await asyncio.to_thread(
                    self._session.request,
                    method,
                    f"{self._url}{path}",
                    json=body,
                    headers=self._headers(tenant_id, correlation_id, key),
                    timeout=(min(_CONNECT_TIMEOUT, left), min(_READ_TIMEOUT, left)),
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                problem = type(error).__name__
            else:
                if response.status_code in (200, 202):
                    return _object(response)
                if response.status_code == _CONFLICT and (consents := _object(response).get("consents")):
                    raise ConsentOutdated(consents)
                if response.status_code not in _TRY_AGAIN:
                    raise PlatformRefused(f"the platform answered {method} {path} with status {response.status_code}")
                problem = f"status {response.status_code}"
            log.warning("platform.call_failed", method=method, problem=problem, correlation_id=correlation_id)
            if pause is None or time.monotonic() + pause >= deadline:
                break
            await asyncio.sleep(pause)
        raise PlatformUnreachable(f"the platform can't be reached for {method} {path}: {problem}")

    def _headers(self, tenant_id: str, correlation_id: str, key: str | None) -> dict[str, str]:
        now = int(time.time())
        claims = {"iss": "actions", "aud": "platform", "tid": tenant_id, "iat": now, "exp": now + _TOKEN_SECONDS}
        token = jwt.encode(claims, self._secret.get_secret_value(), algorithm="HS256")
        headers = {"Authorization": f"Bearer {token}", "X-Correlation-Id": correlation_id}
        return headers if key is None else {**headers, "Idempotency-Key": key}


def _object(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise PlatformRefused("the platform's answer is not a JSON object")
    return answer
