"""Certificates for a day, and a door that takes TLS off, in front of servers that don't speak it."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Papers:
    """A certificate, its key, and who signed it: itself."""

    certificate: Path
    key: Path


MakePapers = Callable[..., Papers]
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""How a PostgreSQL client asks for TLS."""


@pytest.fixture(scope="session")
def make_papers(tmp_path_factory: pytest.TempPathFactory) -> MakePapers:
    """Papers for a name or an address."""

    def make(name: str = "localhost", address: str | None = "127.0.0.1") -> Papers:
        folder = tmp_path_factory.mktemp("papers")
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        if address:
            names.append(x509.IPAddress(ipaddress.ip_address(address)))
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        found = Papers(folder / "certificate.pem", folder / "key.pem")
        found.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        found.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return found

    return make


@pytest.fixture(scope="session")
def papers(make_papers: MakePapers) -> Papers:
    return make_papers()


@pytest.fixture
def door() -> Iterator[Callable[..., int]]:
    """`door(papers, host, port)`: the port of a TLS server that passes what it hears on to a plain one."""
    listeners: list[socket.socket] = []

    def open_door(papers: Papers, host: str, port: int, postgres: bool = False) -> int:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(papers.certificate, papers.key)
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=_admit, args=(listener, context, host, port, postgres), daemon=True).start()
        number: int = listener.getsockname()[1]
        return number

    yield open_door
    for listener in listeners:
        listener.close()


def _admit(listener: socket.socket, context: ssl.SSLContext, host: str, port: int, postgres: bool) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(plain, context, host, port, postgres), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, host: str, port: int, postgres: bool) -> None:
    try:
        if postgres:
            if plain.recv(8) != SSL_REQUEST:
                plain.close()
                return
            plain.sendall(b"S")
        client = context.wrap_socket(plain, server_side=True)
    except OSError:
        plain.close()
        return
    server = socket.create_connection((host, port))
    threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()
    _pass_on(client, server)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while heard := source.recv(65536):
            target.sendall(heard)
    except OSError:
        pass
    finally:
        target.close()
