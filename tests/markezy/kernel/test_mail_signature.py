"""Mail is signed so that whoever receives it can check it with what the domain publishes, and is signed well or not at all."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as BY_THE_BOOK
from pathlib import Path

import dkim
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from markezy.kernel.mail import send
from markezy.kernel.mail_signature import MailSignature
from markezy.kernel.settings import Settings

from devstack.servers import free_port

KEY = rsa.generate_private_key(65537, 2048)
DOMAIN, SELECTOR = "agency.example", "markezy"


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def published(name: bytes, timeout: int = 5) -> bytes:
    """What stands in the DNS."""
    assert name == f"{SELECTOR}._domainkey.{DOMAIN}.".encode()
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b64encode(public)


class Post:
    """A mail server that keeps what it took, byte for byte."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 taken"


@pytest.fixture
def post() -> Iterator[Post]:
    box = Post()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"  # type: ignore[attr-defined]
    yield box
    controller.stop()


def _letter(recipient: str = "zoe@lead.example") -> EmailMessage:
    message = EmailMessage(policy=BY_THE_BOOK)
    message["From"] = Address("Atelier Nova, Conseil & Cie", addr_spec=f"strategies@{DOMAIN}")
    message["To"] = Address("Zoë Martín", addr_spec=recipient)
    message["Subject"] = (
        "Votre stratégie marketing, par Atelier Nova – avec beaucoup de choses que vous nous avez racontées"
    )
    message["Message-ID"] = f"<strategy-1@{DOMAIN}>"
    message["List-Unsubscribe"] = f"<https://app.{DOMAIN}/mail/unsubscribe/{'x' * 300}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Bonjour Zoë,\n.\n..deux points\n\tdes espaces   \n" + "é" * 200 + "\n\n\n")
    message.add_alternative("<p>Bonjour Zoë</p>\n", subtype="html")
    message.add_attachment(b"%PDF\r\n\n\r", maintype="application", subtype="pdf", filename="Stratégie.pdf")
    return message


@pytest.mark.parametrize("recipient", ["zoe@lead.example", "zoe@léad.example"])
def test_what_arrives_is_what_was_signed(post: Post, recipient: str) -> None:
    send(post.url, _letter(recipient), MailSignature(DOMAIN, SELECTOR, pem_of(KEY)))  # type: ignore[attr-defined]
    (arrived,) = post.taken
    assert dkim.verify(arrived, dnsfunc=published)


@pytest.mark.parametrize(
    ("part", "by"),
    [(b"Bonjour", b"Bonsoir"), (b"One-Click", b"Two-Click"), (b"Subject: ", b"Subject: No "), (b"From: ", b"From: e@e.example\r\nFrom: ")],
)  # fmt: skip
def test_what_was_changed_on_the_way_is_told(post: Post, part: bytes, by: bytes) -> None:
    message = EmailMessage(policy=BY_THE_BOOK)
    message["From"], message["To"], message["Subject"] = f"a@{DOMAIN}", "b@lead.example", "Hello"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Bonjour")
    send(post.url, message, MailSignature(DOMAIN, SELECTOR, pem_of(KEY)))  # type: ignore[attr-defined]
    (arrived,) = post.taken
    assert dkim.verify(arrived, dnsfunc=published)
    assert not dkim.verify(arrived.replace(part, by), dnsfunc=published)


def test_without_a_key_it_goes_out_unsigned(post: Post) -> None:
    send(post.url, _letter())  # type: ignore[attr-defined]
    (arrived,) = post.taken
    assert b"DKIM-Signature" not in arrived
    assert all(byte < 128 for byte in arrived)


@pytest.mark.parametrize(
    "pem",
    ["", "no key", pem_of(rsa.generate_private_key(65537, 1024)), pem_of(ec.generate_private_key(ec.SECP256R1()))],
)
def test_what_is_no_good_key_is_refused(pem: str) -> None:
    with pytest.raises(ValueError, match="DKIM key"):
        MailSignature(DOMAIN, SELECTOR, pem)


Changed = Callable[..., Settings]


@pytest.fixture
def changed(settings: Settings) -> Changed:
    def make(**given: object) -> Settings:
        there = {name: getattr(settings, name) for name in Settings.model_fields}
        named = {str(Settings.model_fields[name].validation_alias): value for name, value in (there | given).items()}
        return Settings(**named)

    return make


def test_the_settings_take_a_key_in_one_line_or_in_a_file(changed: Changed, tmp_path: Path) -> None:
    mine = {"mail_from": f"post@mail.{DOMAIN}", "dkim_domain": DOMAIN, "dkim_selector": SELECTOR}
    (tmp_path / "key.pem").write_text(pem_of(KEY))
    assert changed().mail_signature() is None
    assert changed(**mine, dkim_key=pem_of(KEY).replace("\n", "\\n")).mail_signature() is not None
    assert changed(**mine, dkim_key_file=tmp_path / "key.pem").mail_signature() is not None


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"dkim_domain": DOMAIN}, "go together"),
        ({"dkim_domain": DOMAIN, "dkim_selector": SELECTOR}, "go together"),
        ({"dkim_domain": DOMAIN, "dkim_selector": SELECTOR, "dkim_key": "x", "mail_from": "a@other.example"}, "not the domain"),
        ({"dkim_domain": DOMAIN, "dkim_selector": SELECTOR, "dkim_key": "x", "mail_from": f"a@not{DOMAIN}"}, "not the domain"),
        ({"dkim_domain": DOMAIN, "dkim_selector": SELECTOR, "dkim_key": "x", "mail_from": f"a@{DOMAIN}"}, "no private key"),
        ({"dkim_domain": DOMAIN, "dkim_selector": SELECTOR, "dkim_key_file": Path("/no.pem"), "mail_from": f"a@{DOMAIN}"}, "can't be read"),
    ],
)  # fmt: skip
def test_a_process_does_not_start_with_half_of_it(changed: Changed, given: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        changed(**given)
