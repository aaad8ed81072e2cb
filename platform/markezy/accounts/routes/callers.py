"""Who calls, from where, with what: what several of these routes ask."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from markezy.accounts import api
from markezy.accounts.model import Device, User
from markezy.accounts.passwords import LONGEST
from markezy.kernel.http import Call


class Body(BaseModel):
    """A request's body: nothing but what it names."""

    model_config = ConfigDict(extra="forbid")


Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Token = Annotated[str, Field(max_length=200)]


def caller(call: Call) -> User:
    """The member of staff who calls; Forbidden when it is a program."""
    return api.user(call.connection, call.tenant_id, call.principal.user_id())


def device_of(call: Call) -> Device:
    return api.device_of(call.client_address, call.request.headers.get("user-agent", ""))
