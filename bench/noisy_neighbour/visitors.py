"""Visitors who come from addresses of their own, through what looks like a proxy."""

import http.client
import ipaddress
import json
import random
import uuid
from typing import Any
from urllib.parse import urlsplit

_NETWORK = ipaddress.ip_network("198.18.0.0/15")
"""Set aside for measurements (RFC 2544)."""


class Visitor:
    """One kept-alive connection; says what it is told to and gives the answer's status."""

    def __init__(self, url: str, widget_key: str) -> None:
        parts = urlsplit(url)
        if not ipaddress.ip_address(parts.hostname or "").is_loopback:
            raise ValueError("floods stay on this machine")
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        self._widget_key = widget_key
        self._address = str(_NETWORK[random.randrange(_NETWORK.num_addresses)])
        self._token = self._path = ""

    def arrive(self) -> int:
        """Open a conversation; 201 when it is there."""
        body = {"widget_key": self._widget_key, "locale": "en"}
        status, opened = self._post("/webhooks/widget/conversations", body)
        if status == 201:
            self._token = opened["token"]
            self._path = f"/webhooks/widget/conversations/{opened['conversation_id']}/messages"
        return status

    def say(self, text: str) -> int:
        """Send a message and wait for the answer."""
        status, _ = self._post(self._path, {"id": str(uuid.uuid4()), "text": text}, self._token)
        return status

    def _post(self, path: str, body: dict[str, Any], token: str = "") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "X-Forwarded-For": self._address}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())
