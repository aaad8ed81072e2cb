from datetime import timedelta

import jwt
import pytest
from markezy.kernel.errors import Unauthenticated
from markezy.kernel.tokens import sign, verify
from pydantic import SecretStr

SECRET = SecretStr("s" * 40)


def test_a_token_carries_its_claims_to_its_audience() -> None:
    token = sign(SECRET, "platform", timedelta(minutes=1), tid="t-1")
    assert verify(SECRET, "platform", token, ("tid",))["tid"] == "t-1"


@pytest.mark.parametrize(
    "forged",
    [
        sign(SECRET, "bot", timedelta(minutes=1), tid="t"),
        sign(SecretStr("x" * 40), "platform", timedelta(minutes=1), tid="t"),
        sign(SECRET, "platform", timedelta(seconds=-1), tid="t"),
        sign(SECRET, "platform", timedelta(minutes=1)),
        jwt.encode({"aud": "platform", "tid": "t", "exp": 9e9, "iat": 1}, None, algorithm="none"),
        jwt.encode({"aud": "platform", "tid": "t"}, SECRET.get_secret_value(), algorithm="HS256"),
        "not.a.token",
        "",
    ],
    ids=["other audience", "other key", "expired", "claim missing", "alg none", "no expiry", "garbage", "empty"],
)
def test_every_other_token_is_refused(forged: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(SECRET, "platform", forged, ("tid",))
