"""The agency as its documents show it: name, colour, typeface, contact and, when there is one, the logo."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field

from markezy.strategies.model import Agency
from markezy.strategies.rendering.logo import usable
from markezy.strategies.rendering.palette import Palette, palette
from markezy.strategies.typefaces import Typeface, typeface


@dataclass(frozen=True)
class Brand:
    """`logo` is the file's bytes as the agency gave them, of `logo_type` (PNG, JPEG or SVG); an unusable one is not shown."""

    agency: Agency
    logo: bytes | None = field(default=None, repr=False)
    logo_type: str = ""

    @staticmethod
    def of(agency: Agency) -> "Brand":
        """With the agency's own logo; what is no base64 is none."""
        try:
            return Brand(agency, b64decode(agency.logo, validate=True) or None, agency.logo_type)
        except ValueError:
            return Brand(agency)

    @property
    def name(self) -> str:
        return self.agency.name

    @property
    def palette(self) -> Palette:
        return palette(self.agency.color)

    @property
    def typeface(self) -> Typeface:
        return typeface(self.agency.font)

    @property
    def contact(self) -> tuple[str, ...]:
        """E-mail, website, telephone and the lines of the address, as far as known."""
        return tuple(filter(None, (self.agency.email, self.agency.website, self.agency.phone, *self.agency.address)))

    def picture(self, width: float, height: float) -> "Picture | None":
        """The logo, cleaned, for this room; None without a usable one."""
        logo = usable(self.logo, self.logo_type) if self.logo else None
        if logo is None:
            return None
        size = logo.fitted(width, height)
        return Picture(data_uri(logo.media_type, logo.sized(*size)), *size)


@dataclass(frozen=True)
class Picture:
    """A picture to put into a page, with its size in points."""

    uri: str = field(repr=False)
    width: float
    height: float


def data_uri(media_type: str, body: bytes) -> str:
    """A picture inside the page itself."""
    return f"data:{media_type};base64,{b64encode(body).decode()}"
