"""What the agency's documents look like: colour, typeface, logo, contact."""

from typing import Any

from sanic import Blueprint

from markezy.accounts.api import staff
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import branding

blueprint = Blueprint("brand", url_prefix="/api/v1")


@blueprint.get("/brand")
@endpoint(staff("brand.read"), audit=None)
def read_brand(call: Call) -> Reply:
    """The agency's brand as its next documents show it; `logo` null without one."""
    return Reply(200, _told(call))


@blueprint.put("/brand")
@endpoint(staff("brand.write"), audit="brand.changed")
def save_brand(call: Call) -> Reply:
    """Replace the brand; strategies that are written keep the one they were written with. Invalid for a logo that can't be used."""
    branding.save_brand(call.connection, call.tenant_id, call.json(branding.BrandValues))
    return Reply(200, _told(call))


def _told(call: Call) -> dict[str, Any]:
    shown = branding.brand_of(call.connection, call.tenant_id)
    logo = {"media_type": shown.logo_type, "data": shown.logo} if shown.logo else None
    return {
        "name": shown.name, "color": shown.color, "email": shown.email, "website": shown.website, "phone": shown.phone,
        "address": list(shown.address), "logo": logo, "font": shown.font,
    }  # fmt: skip
