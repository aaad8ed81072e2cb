"""A stand-in for the part of Vault's transit engine that Markezy asks, and for the ways in which it fails."""

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.stand-in"
KEY = "markezy"


class Vault:
    """Listens until `close`. Its attributes are its faults; `asked` is what came in."""

    def __init__(self, folder: Path) -> None:
        self.versions = [os.urandom(32)]
        self.min_decryption_version = 1
        self.sealed = False
        self.slow = threading.Event()
        """While set, nobody is answered."""
        self.answer: bytes | None = None
        """What is said instead of an answer."""
        self.asked: list[str] = []
        self.token_file = folder / "token"
        self.token_file.write_text(f"{TOKEN}\n")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"vault+http://127.0.0.1:{self._server.server_port}/transit/{KEY}"

    @property
    def environment(self) -> dict[str, str]:
        return {"MARKEZY_KMS_URL": self.url, "MARKEZY_KMS_TOKEN_FILE": str(self.token_file)}

    def rotate(self) -> None:
        self.versions.append(os.urandom(32))

    def close(self) -> None:
        self.slow.clear()
        self._server.shutdown()
        self._server.server_close()

    def respond(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != TOKEN:
            return 403, {"errors": ["permission denied"]}
        if (method, path) == ("GET", f"/v1/transit/keys/{KEY}"):
            return 200, {"data": {"name": KEY, "type": "aes256-gcm96", "latest_version": len(self.versions)}}
        associated = base64.b64decode(body.get("associated_data", ""))
        if (method, path) == ("POST", f"/v1/transit/encrypt/{KEY}"):
            nonce = os.urandom(12)
            box = nonce + AESGCM(self.versions[-1]).encrypt(nonce, base64.b64decode(body["plaintext"]), associated)
            text = f"vault:v{len(self.versions)}:{base64.b64encode(box).decode()}"
            return 200, {"data": {"ciphertext": text, "key_version": len(self.versions)}}
        if (method, path) == ("POST", f"/v1/transit/decrypt/{KEY}"):
            return self._opened(body["ciphertext"], associated)
        return 404, {"errors": []}

    def _opened(self, ciphertext: str, associated: bytes) -> tuple[int, dict[str, Any]]:
        _, version, text = ciphertext.split(":")
        number, box = int(version[1:]), base64.b64decode(text)
        if number < self.min_decryption_version:
            return 400, {"errors": ["ciphertext or signature version is disallowed by policy (too old)"]}
        try:
            plain = AESGCM(self.versions[number - 1]).decrypt(box[:12], box[12:], associated)
        except (InvalidTag, IndexError, ValueError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}


def _handler(vault: Vault) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _serve(self, body: dict[str, Any]) -> None:
            status, said = vault.respond(self.command, self.path, self.headers.get("X-Vault-Token", ""), body)
            if vault.slow.is_set():
                # The caller gives up and closes: that ends the wait.
                self.connection.recv(1)
                return
            content = json.dumps(said).encode() if vault.answer is None else vault.answer
            self.send_response(status if vault.answer is None else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
