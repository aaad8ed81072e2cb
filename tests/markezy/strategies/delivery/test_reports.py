"""Bounces and complaints, read: what counts, what is missing, and nothing that falls over."""

import random
from uuid import UUID

import pytest
from markezy.kernel.errors import Invalid
from markezy.strategies.delivery.reports import LARGEST_REPORT, Kind, read

from tests.markezy.strategies.delivery.reports_of_tests import ADDRESS, bounce, complaint

ID = UUID("01890000-0000-7000-8000-000000000001")


@pytest.mark.parametrize("whole", [True, False])
def test_a_bounce_tells_who_did_not_get_it_and_why(whole: bool) -> None:
    report = read(bounce(ID, whole=whole, more="Original-Recipient: rfc822;first@example.com\r\n"))
    assert (report.kind, report.strategy_id) == (Kind.BOUNCE, ID)
    (failure,) = report.failures
    assert failure.addresses == ("first@example.com", ADDRESS)
    assert (failure.status, failure.is_final) == ("5.1.1", True)


@pytest.mark.parametrize(
    ("status", "action", "final"),
    [
        ("5.7.26 (policy)", "failed", True),
        ("4.4.7", "failed", False),
        ("4.2.2", "delayed", False),
        ("5.0.0", "delayed", False),
        ("2.0.0", "delivered", False),
    ],
)
def test_only_what_failed_for_good_is_final(status: str, action: str, final: bool) -> None:
    (failure,) = read(bounce(ID, status=status, action=action)).failures
    assert failure.is_final is final


def test_line_ends_of_any_system_are_read() -> None:
    assert read(bounce(ID).replace(b"\r\n", b"\n")).failures == read(bounce(ID)).failures


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("abuse", Kind.COMPLAINT), ("Fraud", Kind.COMPLAINT), ("not-spam", Kind.REMARK), ("auth-failure", Kind.REMARK)],
)
def test_a_complaint_is_told_from_other_feedback(type_: str, kind: Kind) -> None:
    report = read(complaint(ID, type_=type_))
    assert (report.kind, report.strategy_id, report.addresses) == (kind, ID, (ADDRESS,))


def test_a_provider_may_leave_the_address_out() -> None:
    assert read(complaint(ID, about=None)).addresses == ()


@pytest.mark.parametrize(
    ("raw", "missing"),
    [
        (b"", "multipart/report"),
        (b"Subject: hello\r\n\r\nI am on holiday.\r\n", "multipart/report"),
        (bounce(ID).replace(b"delivery-status\r\n", b"other\r\n"), "delivery-status"),
        (bounce(ID).replace(b"<strategy-", b"<resume-"), "Message-ID"),
        (bounce(ID).replace(b"text/rfc822-headers", b"text/plain"), "Message-ID"),
        (bounce(ID).replace(b"Final-Recipient", b"Some-Recipient"), "Final-Recipient"),
        (bounce(ID).replace(b"Status:", b"State:"), "Status"),
        (bounce(ID, status="gone"), "Status"),
        (bounce(ID).replace(b"Action:", b"Did:"), "Action"),
        (complaint(ID).replace(b"Feedback-Type", b"Feedback-Kind"), "Feedback-Type"),
    ],
)
def test_what_is_none_is_told_what_it_lacks(raw: bytes, missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(raw)
    assert missing in str(refused.value.extra["missing"])


def test_a_strategy_named_elsewhere_than_in_what_was_returned_does_not_count() -> None:
    raw = bounce(ID).replace(b"<strategy-", b"<other-")
    with pytest.raises(Invalid, match="Message-ID"):
        read(
            raw.replace(
                b"Subject: Undelivered", f"Message-ID: <strategy-{ID}@x.example>\r\nSubject: Undelivered".encode()
            )
        )


def test_too_much_is_refused() -> None:
    with pytest.raises(Invalid, match="at most"):
        read(b"x" * (LARGEST_REPORT + 1))


def test_parts_within_parts_without_end_are_refused() -> None:
    nested = "".join(
        f'Content-Type: multipart/report; boundary="b{number}"\r\n\r\n--b{number}\r\n' for number in range(3000)
    )
    with pytest.raises(Invalid):
        read(nested.encode())
    messages = (
        'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n' + "Content-Type: message/rfc822\r\n\r\n" * 3000
    )
    with pytest.raises(Invalid):
        read(messages.encode())


def test_damaged_reports_are_read_or_refused() -> None:
    chance = random.Random(7)
    for number in range(400):
        raw = bytearray((bounce, complaint)[number % 2](ID))
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(raw))
            raw[place : place + chance.randint(0, 20)] = chance.randbytes(chance.randint(0, 8))
        try:
            read(bytes(raw))
        except Invalid:
            continue
