"""Letters go to the mail server encrypted, only to the server that was meant, and no name in them is more than a name."""

import ssl
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from aiosmtpd.controller import Controller
from markezy.kernel.mail import NotSent, one_line, send

from devstack.servers import free_port
from tests.markezy.handover.mailbox import Mailbox
from tests.transport.conftest import MakePapers, Papers, make_papers, papers  # noqa: F401 - fixtures

Serve = Callable[..., tuple[Mailbox, int]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A mail server on 127.0.0.1, with STARTTLS when it gets papers."""
    running: list[Controller] = []

    def start(papers: Papers | None = None) -> tuple[Mailbox, int]:  # noqa: F811
        box, context = Mailbox(), None
        if papers is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(papers.certificate, papers.key)
        controller = Controller(box, hostname="127.0.0.1", port=free_port(), tls_context=context)
        controller.start()
        running.append(controller)
        return box, controller.port

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@sender.example", "b@recipient.example", "Hello"
    message.set_content("Zoé")
    return message


def test_required_encryption_is_used(serve: Serve, papers: Papers, letter: EmailMessage) -> None:  # noqa: F811
    box, port = serve(papers)
    send(f"smtp://127.0.0.1:{port}?starttls=required&cafile={papers.certificate}", letter)
    assert len(box.taken) == 1


def test_nothing_is_sent_to_a_server_that_offers_none(serve: Serve, letter: EmailMessage) -> None:
    box, port = serve()
    with pytest.raises(NotSent, match="no encryption") as refused:
        send(f"smtp://127.0.0.1:{port}?starttls=required", letter)
    assert not refused.value.final
    assert box.taken == []


@pytest.mark.parametrize("option", ["", "starttls=required"])
def test_nothing_is_sent_to_a_server_with_somebody_elses_certificate(
    serve: Serve,
    papers: Papers,  # noqa: F811
    make_papers: MakePapers,  # noqa: F811
    letter: EmailMessage,
    option: str,
) -> None:
    box, port = serve(papers)
    for cafile in ("", f"&cafile={make_papers().certificate}"):
        with pytest.raises(NotSent, match="can't be reached"):
            send(f"smtp://127.0.0.1:{port}?{option}{cafile}", letter)
    assert box.taken == []


def test_a_certificate_for_another_name_is_not_believed(
    serve: Serve,
    make_papers: MakePapers,  # noqa: F811
    letter: EmailMessage,
) -> None:
    other = make_papers("mail.elsewhere.example", None)
    box, port = serve(other)
    with pytest.raises(NotSent):
        send(f"smtp://127.0.0.1:{port}?starttls=required&cafile={other.certificate}", letter)
    assert box.taken == []


def test_a_certificate_file_that_is_not_there_keeps_the_letter(serve: Serve, letter: EmailMessage) -> None:
    box, port = serve()
    with pytest.raises(NotSent):
        send(f"smtp://127.0.0.1:{port}?starttls=required&cafile=/nowhere.pem", letter)
    assert box.taken == []


def test_the_demo_s_mail_catcher_needs_nothing(serve: Serve, letter: EmailMessage) -> None:
    box, port = serve()
    send(f"smtp://127.0.0.1:{port}", letter)
    assert len(box.taken) == 1


@pytest.mark.parametrize(
    "name",
    [
        "Maya\r\nBcc: thief@evil.example",
        "=?utf-8?q?Maya=0D=0ABcc:_thief@evil.example?=",
        "=?utf-8?b?TWF5YQ0KQmNjOiB0aGllZkBldmlsLmV4YW1wbGU=?=",
        "=?=?utf-8?q?thief@evil.example,?=",
    ],
)
def test_a_name_stays_one_name(name):
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(one_line(name), addr_spec="maya@lead.example")
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert [one.addr_spec for one in read["to"].addresses] == ["maya@lead.example"]
    assert read.keys() == ["To"]


def test_ordinary_names_stay_as_they_are():
    assert one_line("Zoé  O'Neill = Fils ?") == "Zoé O'Neill = Fils ?"
