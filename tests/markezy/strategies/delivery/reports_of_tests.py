"""Bounces and complaints as mail servers write them."""

from uuid import UUID

ADDRESS = "zoe@example.com"


def original(strategy_id: UUID, recipient: str = ADDRESS) -> str:
    return (
        "From: Atelier Nova <hello@markezy.example>\r\n"
        f"To: {recipient}\r\n"
        "Subject: =?utf-8?q?Votre_strat=C3=A9gie?=\r\n"
        f"Message-ID: <strategy-{strategy_id}@markezy.example>\r\n"
    )


def bounce(
    strategy_id: UUID,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    recipient: str = ADDRESS,
    whole: bool = False,
    more: str = "",
) -> bytes:
    """A delivery status notification; with the `whole` message that was returned, or its headers only."""
    returned = "message/rfc822" if whole else "text/rfc822-headers"
    body = "\r\nBonjour\r\n" if whole else ""
    return (
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n"
        "To: hello@markezy.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B1/mx.example"\r\n'
        "\r\n"
        "--B1/mx.example\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        "Your message could not be delivered.\r\n"
        "\r\n--B1/mx.example\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 2 Mar 2026 10:00:00 +0000 (UTC)\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\n{more}"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n"
        f"\r\n--B1/mx.example\r\nContent-Type: {returned}\r\n\r\n"
        f"{original(strategy_id)}{body}"
        "\r\n--B1/mx.example--\r\n"
    ).encode()


def complaint(strategy_id: UUID, *, type_: str = "abuse", about: str | None = ADDRESS) -> bytes:
    """A report in the abuse reporting format; without `about` the provider left the address out."""
    named = "" if about is None else f"Original-Rcpt-To: <{about}>\r\n"
    return (
        "From: <abusedesk@provider.example>\r\nTo: <abuse@markezy.example>\r\nSubject: FW: Votre strategie\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="part1"\r\n'
        "\r\n--part1\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        "\r\n--part1\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {type_}\r\nUser-Agent: Some/1.0\r\nVersion: 1\r\n{named}"
        "\r\n--part1\r\nContent-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n"
        f"{original(strategy_id, about or 'redacted@provider.example')}\r\nBonjour\r\n"
        "\r\n--part1--\r\n"
    ).encode()
