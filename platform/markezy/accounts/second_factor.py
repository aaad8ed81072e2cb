"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when the telephone is lost.

Every code works once. The app's secret is sealed under the agency's key; of recovery codes only hashes are kept.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

import pyotp
import segno
from sqlalchemy import Connection

from markezy.accounts import factor_repository
from markezy.accounts.model import User
from markezy.kernel import personal
from markezy.kernel.clock import now
from markezy.kernel.errors import Conflict, Invalid
from markezy.kernel.logging import security_log

RECOVERY_CODES = 10
_PERIOD = 30
_DRIFT = 1
"""Periods a telephone's clock may be off, either way."""
_ISSUER = "Markezy"
_COLUMN = "staff_totp.secret"


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs. Shown once; it counts after the first code was confirmed."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr_svg: str = field(repr=False)


def is_on(connection: Connection, user: User) -> bool:
    """Whether the user logs in with a code."""
    found = factor_repository.find(connection, user)
    return found is not None and found.confirmed_at is not None


def enrol(connection: Connection, user: User) -> Enrolment:
    """A new secret for the user's app, in place of one that was never confirmed. Conflict when a second factor is on."""
    if is_on(connection, user):
        raise Conflict("Your second factor is on already; turn it off first to take another app.")
    secret = pyotp.random_base32()
    keys = personal.tenant_keys(connection, user.tenant_id)
    box = personal.seal(keys, secret, _COLUMN, user.tenant_id, user.id)
    factor_repository.replace(connection, user, box)
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=_ISSUER)
    return Enrolment(secret, uri, segno.make(uri, error="m").svg_inline(scale=5, border=4, light="#fff", dark="#000"))


def confirm(connection: Connection, user: User, code: str) -> list[str]:
    """Turn the second factor on, for the app shows the right code; the recovery codes, which nobody can read again.

    Invalid when the code is wrong, Conflict when there is nothing to confirm.
    """
    found = factor_repository.find(connection, user, lock=True)
    if found is None or found.confirmed_at is not None:
        raise Conflict("There is no second factor to confirm; begin with a new one.")
    step = _step_of(connection, user, found, code)
    if step is None:
        raise Invalid("This code is not right; take the next one, and check that your telephone shows the right time.")
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    factor_repository.confirm(connection, user, step, now(), [_digest(each) for each in codes])
    security_log.info("second_factor.on", tenant_id=str(user.tenant_id), user_id=str(user.id))
    return codes


def use(connection: Connection, user: User, code: str) -> bool:
    """Whether the code is right and was never used; it is used up by this."""
    found = factor_repository.find(connection, user, lock=True)
    if found is None or found.confirmed_at is None:
        return False
    step = _step_of(connection, user, found, code)
    if step is not None:
        factor_repository.note_step(connection, user, step)
        return True
    if factor_repository.use_recovery_code(connection, user, _digest(code), now()):
        security_log.warning("second_factor.recovery_code_used", tenant_id=str(user.tenant_id), user_id=str(user.id))
        return True
    return False


def turn_off(connection: Connection, user: User) -> None:
    """Forget the secret and the recovery codes. Again: nothing happens."""
    factor_repository.delete_of(connection, user)
    security_log.warning("second_factor.off", tenant_id=str(user.tenant_id), user_id=str(user.id))


def recovery_codes_left(connection: Connection, user: User) -> int:
    return factor_repository.count_recovery_codes(connection, user)


def _step_of(connection: Connection, user: User, found: factor_repository.Factor, code: str) -> int | None:
    """The period whose code this is; None for a wrong one, and for one of a period that was used."""
    keys = personal.tenant_keys(connection, user.tenant_id)
    app = pyotp.TOTP(personal.unseal(keys, found.secret, _COLUMN, user.tenant_id, user.id))
    current, given = int(now().timestamp()) // _PERIOD, _letters(code)
    right = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if hmac.compare_digest(app.at(step * _PERIOD), given) and step > found.last_step:
            right = step
    return right


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _digest(code: str) -> bytes:
    # Eighty random bits: a fast hash is enough, there is nothing to guess.
    return hashlib.sha256(_letters(code).encode()).digest()


def _letters(code: str) -> str:
    """As people type codes: with spaces and hyphens, in any case."""
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())[:64]
