"""What the agency's documents look like, as its staff set it: over HTTP and on the console's page alike."""

from base64 import b64decode
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.kernel.mail import is_address
from markezy.strategies.model import LARGEST_LOGO, MOST_ADDRESS_LINES, Agency
from markezy.strategies.rendering.brand import Brand, Picture
from markezy.strategies.rendering.logo import UnusableLogo, cleaned
from markezy.strategies.typefaces import DEFAULT, FontKey

_Line = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]


class LogoValues(BaseModel):
    """A picture file in base64."""

    model_config = ConfigDict(extra="forbid")

    media_type: Literal["image/png", "image/jpeg", "image/svg+xml"]
    data: str = Field(min_length=1, max_length=LARGEST_LOGO * 4 // 3 + 4)

    @model_validator(mode="after")
    def _usable(self) -> "LogoValues":
        try:
            cleaned(b64decode(self.data, validate=True), self.media_type)
        except UnusableLogo as error:
            raise PydanticCustomError("unusable", "{why}", {"why": str(error), "fault": error.fault.value}) from None
        except ValueError:
            raise PydanticCustomError("unusable", "The logo is no base64.") from None
        return self


class BrandValues(BaseModel):
    """Everything there is of the brand; what is left out is empty, and the font the default one."""

    model_config = ConfigDict(extra="forbid")

    color: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    email: str | None = Field(None, max_length=320)
    website: str | None = Field(None, max_length=200, pattern=r"^https?://[^\s\x00-\x1f\"'<>\\]+$")
    phone: str | None = Field(None, max_length=40, pattern=r"^[+0-9][0-9 ()./-]*$")
    address: list[_Line] = Field(default_factory=list, max_length=MOST_ADDRESS_LINES)
    logo: LogoValues | None = None
    font: FontKey = DEFAULT

    @field_validator("email")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not is_address(value):
            raise PydanticCustomError("address", "This is no e-mail address.")
        return value


def brand_of(connection: Connection, tenant_id: UUID) -> Agency:
    """The agency as its next documents show it."""
    tenant = accounts.tenant(connection, tenant_id)
    return Agency.of(tenant.name, tenant.brand)


def save_brand(connection: Connection, tenant_id: UUID, values: BrandValues) -> None:
    """Replace the brand; strategies that are written keep the one they were written with."""
    accounts.save_brand(connection, tenant_id, values.model_dump(exclude_none=True))


def in_brand(name: str, values: BrandValues) -> Agency:
    """The agency as its documents would show it with these values."""
    return Agency.of(name, values.model_dump(exclude_none=True))


def logo_of(agency: Agency, width: float, height: float) -> Picture | None:
    """The agency's logo, cleaned, for this room; None without a usable one."""
    return Brand.of(agency).picture(width, height)
