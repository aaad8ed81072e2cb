"""What may stand in a header."""

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from markezy.kernel.mail import one_line


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
