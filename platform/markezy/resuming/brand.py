"""How the agency looks in its letters."""

import re

from markezy.accounts.api import Tenant
from markezy.kernel.contrast import ink_on
from markezy.resuming.letters import Brand

_NEUTRAL = "#24364b"
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def brand_of(tenant: Tenant) -> Brand:
    """From the tenant's name and brand; what is missing or malformed falls back to neutral."""
    color, email = tenant.brand.get("color"), tenant.brand.get("email")
    shade = color if isinstance(color, str) and _COLOR.fullmatch(color) else _NEUTRAL
    return Brand(tenant.name, shade, ink_on(shade), email if isinstance(email, str) else None)
