"""Settings, the brand: what the agency's documents look like, and a sample of it."""

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import Any

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.forms import Faults, checked, field, one_line, upload
from markezy.console.pages import SETTINGS, instead, render
from markezy.console.texts import texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules
from markezy.strategies import api as strategies

_LOGO_ROOM = (220.0, 72.0)
"""Pixels on the page."""
_LONGEST = 400
"""Characters of a field that are looked at; more than any that is accepted, so that too many are refused."""


@dataclass(frozen=True)
class _Form:
    """What stands in the fields. `logo` is the picture that was chosen or is kept; `is_new` when it was chosen in this form."""

    color: str
    font: str
    email: str
    website: str
    phone: str
    address: str
    logo: dict[str, str] | None
    is_new: bool = False

    def given(self) -> dict[str, Any]:
        """The same as the brand's values, empty fields left out."""
        lines = [line.strip() for line in self.address.splitlines() if line.strip()]
        values = {**vars(self), "address": lines, "website": _with_scheme(self.website)}
        del values["is_new"]
        return {name: value for name, value in values.items() if value}

    @property
    def carried(self) -> str:
        """The new logo, to be sent again with a form that is corrected: nobody shall have to choose it twice."""
        return f"{self.logo['media_type']};{self.logo['data']}" if self.is_new and self.logo else ""


@endpoint(staff("brand.read"), instead, audit=None)
def brand_page(call: Call) -> Reply:
    """The brand as the next documents show it."""
    return _page(call, _kept(strategies.brand_of(call.connection, call.tenant_id)))


@endpoint(staff("brand.write"), instead, audit="brand.changed")
def save_brand(call: Call) -> Reply:
    """Replace the brand."""
    form, faults = _sent(call)
    values, found = checked(strategies.BrandValues, form.given())
    if values is None or faults:
        return _page(call, form, {**found, **faults})
    strategies.save_brand(call.connection, call.tenant_id, values)
    return Reply.redirect(f"{SETTINGS}?done=saved")


@endpoint(staff("brand.read"), instead, kind=rules.EXPENSIVE, audit=None)
def saved_sample(call: Call) -> Reply:
    """A sample lead's strategy in the brand as it is saved."""
    return _sample(call, strategies.brand_of(call.connection, call.tenant_id))


@endpoint(staff("brand.write"), instead, kind=rules.EXPENSIVE, audit=None)
def sample(call: Call) -> Reply:
    """A sample lead's strategy in the brand as it stands in the form. Keeps nothing."""
    form, faults = _sent(call)
    values, found = checked(strategies.BrandValues, form.given())
    if values is None or faults:
        return _page(call, form, {**found, **faults})
    name = accounts.tenant(call.connection, call.tenant_id).name
    return _sample(call, strategies.in_brand(name, values))


def _sample(call: Call, agency: strategies.Agency) -> Reply:
    t = texts_for(call.request)
    made_from = strategies.sample_of(call.connection, call.tenant_id, t.language)
    file_name = t("settings.brand.sample.file", agency=agency.name)
    return Reply.later(lambda: Reply.file(made_from.pdf(agency), strategies.PDF, file_name))


def _page(call: Call, form: _Form, faults: Faults | None = None) -> Reply:
    faults = faults or {}
    name = accounts.tenant(call.connection, call.tenant_id).name
    values, _ = checked(strategies.BrandValues, {"color": form.color, "logo": form.logo})
    shown = strategies.in_brand(name, values) if values else strategies.brand_of(call.connection, call.tenant_id)
    return render(
        call.request, "settings/brand.html", 422 if faults else 200,
        viewer=viewer_of(call),
        done="settings.brand.done" if call.query.get("done") == "saved" else None,
        form=form if values else replace(form, logo=None, is_new=False),
        faults=faults,
        may_write=accounts.allows(call.principal.role, "brand.write"),
        sees_model=accounts.allows(call.principal.role, "strategy_model.read"),
        typefaces=strategies.typefaces(),
        color=shown.color.lower(),
        wears=strategies.palette(shown.color),
        logo=strategies.logo_of(shown, *_LOGO_ROOM),
        largest=strategies.LARGEST_LOGO,
    )  # fmt: skip


def _kept(agency: strategies.Agency) -> _Form:
    logo = {"media_type": agency.logo_type, "data": agency.logo} if agency.logo else None
    lines = "\n".join(agency.address)
    return _Form(
        agency.color, agency.font, agency.email or "", agency.website or "", agency.phone or "", lines, logo
    )  # fmt: skip


def _sent(call: Call) -> tuple[_Form, Faults]:
    """What was sent, and what is wrong with the file."""
    logo, is_new, faults = _logo(call)
    fields = {name: one_line(call, name, _LONGEST) for name in ("color", "font", "email", "website", "phone")}
    return _Form(**fields, address=field(call, "address").replace("\0", ""), logo=logo, is_new=is_new), faults


def _logo(call: Call) -> tuple[dict[str, str] | None, bool, Faults]:
    """The logo this form means: one just chosen, one chosen before, none, or the one that is kept."""
    body = upload(call, "logo")
    if body:
        kind = strategies.logo_kind(body)
        if not kind or len(body) > strategies.LARGEST_LOGO:
            kept = _kept(strategies.brand_of(call.connection, call.tenant_id)).logo
            return kept, False, {"logo": "large" if kind else "kind"}
        return {"media_type": kind, "data": b64encode(body).decode()}, True, {}
    if field(call, "without_logo"):
        return None, False, {}
    kind, _, data = field(call, "logo_sent").partition(";")
    if data:
        return {"media_type": kind, "data": data}, True, {}
    return _kept(strategies.brand_of(call.connection, call.tenant_id)).logo, False, {}


def _with_scheme(website: str) -> str:
    """As people write addresses: without https:// in front."""
    return (
        f"https://{website}" if website and "://" not in website and ":" not in website.partition(".")[0] else website
    )
