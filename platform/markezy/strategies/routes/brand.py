"""What the agency's documents look like: colour, typeface, logo, contact."""

from base64 import b64decode
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sanic import Blueprint

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.kernel.errors import Invalid
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.mail import is_address
from markezy.strategies.model import LARGEST_LOGO, MOST_ADDRESS_LINES, Agency
from markezy.strategies.rendering.logo import UnusableLogo, cleaned
from markezy.strategies.typefaces import DEFAULT, FontKey

blueprint = Blueprint("brand", url_prefix="/api/v1")

_Line = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]


class LogoBody(BaseModel):
    """A picture file in base64."""

    model_config = ConfigDict(extra="forbid")

    media_type: Literal["image/png", "image/jpeg", "image/svg+xml"]
    data: str = Field(min_length=1, max_length=LARGEST_LOGO * 4 // 3 + 4)


class BrandBody(BaseModel):
    """Everything there is of the brand; what is left out is empty, and the font the default one."""

    model_config = ConfigDict(extra="forbid")

    color: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    email: str | None = Field(None, max_length=320)
    website: str | None = Field(None, max_length=200, pattern=r"^https?://[^\s\"'<>\\]+$")
    phone: str | None = Field(None, max_length=40, pattern=r"^[+0-9][0-9 ()./-]*$")
    address: list[_Line] = Field(default_factory=list, max_length=MOST_ADDRESS_LINES)
    logo: LogoBody | None = None
    font: FontKey = DEFAULT


@blueprint.get("/brand")
@endpoint(staff("brand.read"), audit=None)
def read_brand(call: Call) -> Reply:
    """The agency's brand as its next documents show it; `logo` null without one."""
    return Reply(200, _told(call))


@blueprint.put("/brand")
@endpoint(staff("brand.write"), audit="brand.changed")
def save_brand(call: Call) -> Reply:
    """Replace the brand; strategies that are written keep the one they were written with. Invalid for a logo that can't be used."""
    body = call.json(BrandBody)
    if body.email is not None and not is_address(body.email):
        raise Invalid("The brand's e-mail address is none.")
    if body.logo is not None:
        try:
            cleaned(b64decode(body.logo.data, validate=True), body.logo.media_type)
        except UnusableLogo as error:
            raise Invalid(str(error)) from None
        except ValueError:
            raise Invalid("The logo is no base64.") from None
    accounts.save_brand(call.connection, call.tenant_id, body.model_dump(exclude_none=True))
    return Reply(200, _told(call))


def _told(call: Call) -> dict[str, Any]:
    tenant = accounts.tenant(call.connection, call.tenant_id)
    shown = Agency.of(tenant.name, tenant.brand)
    logo = {"media_type": shown.logo_type, "data": shown.logo} if shown.logo else None
    return {
        "name": shown.name, "color": shown.color, "email": shown.email, "website": shown.website, "phone": shown.phone,
        "address": list(shown.address), "logo": logo, "font": shown.font,
    }  # fmt: skip
