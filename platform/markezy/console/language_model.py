"""Settings, the language model: what it may do and cost, how it has done, and a trial."""

from dataclasses import replace
from typing import Any

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.console.forms import Faults, checked, field, fields, one_line
from markezy.console.pages import SETTINGS_MODEL, instead, render
from markezy.console.texts import texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel import audit
from markezy.kernel.errors import NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.kernel.limits import rules
from markezy.strategies import api as strategies

_LONGEST = 600
_AMOUNTS = ("monthly_cap", "price_in", "price_out")
_DONE = ("saved", "removed")
_EXPLAINED = frozenset({
    "address", "budget", "cut_off", "malformed", "no_breaker", "other_texts", "refused", "status_400", "status_401", "status_403",
    "status_404", "status_429", "stopped", "time_out",
})  # fmt: skip
_UNREACHABLE = frozenset({"APIConnectionError", "ConnectError"})


@endpoint(staff("strategy_model.read"), instead, audit=None)
def model_page(call: Call) -> Reply:
    """The settings without the key, and how the model has done."""
    return _page(call)


@endpoint(staff("strategy_model.write"), instead, audit="strategy_model.changed")
def save_model(call: Call) -> Reply:
    """Configure the model; without a key the one that is kept goes on being used."""
    sent = _sent(call)
    given = {**sent, **{name: sent[name].replace(",", ".").replace(" ", "") for name in _AMOUNTS}}
    given["api_key"] = field(call, "api_key").strip() or None
    values, faults = checked(strategies.ModelValues, given)
    if values is None:
        return _page(call, sent, faults)
    try:
        strategies.configure_model(call.connection, call.tenant_id, call.settings, values)
    except strategies.AddressRefused:
        return _page(call, sent, {"base_url": ""})
    except strategies.KeyMissing:
        return _page(call, sent, {"api_key": "missing"})
    return Reply.redirect(f"{SETTINGS_MODEL}?done=saved")


@endpoint(staff("strategy_model.write"), instead, audit="strategy_model.removed")
def remove_model(call: Call) -> Reply:
    """Forget the model and its key."""
    try:
        strategies.forget_model(call.connection, call.services.redis, call.tenant_id)
    except NotFound as late:
        audit.outcome_is(call.connection, late.status)
    return Reply.redirect(f"{SETTINGS_MODEL}?done=removed")


@endpoint(staff("strategy_model.write"), instead, kind=rules.EXPENSIVE, audit="strategy_model.tried")
def try_model(call: Call) -> Reply:
    """Ask the model once, with a sentence about nobody. No transaction is open while it is asked."""
    language = texts_for(call.request).language
    try:
        trial = strategies.prepare_model_trial(call.connection, call.tenant_id, language)
    except NotFound as late:
        audit.outcome_is(call.connection, late.status)
        return Reply.redirect(SETTINGS_MODEL)
    if trial is None:
        return _page(call, tried=strategies.Tried(strategies.BUDGET))

    def ask() -> Reply:
        services = call.services
        tried = strategies.try_model(
            lambda: services.database.transaction(call.tenant_id), call.settings, services.redis, call.tenant_id, trial
        )
        with services.database.transaction(call.tenant_id) as connection:
            return _page(replace(call, connection=connection), tried=tried)

    return Reply.later(ask)


def _page(
    call: Call, sent: dict[str, Any] | None = None, faults: Faults | None = None, tried: strategies.Tried | None = None
) -> Reply:
    kept = strategies.model_settings(call.connection, call.tenant_id)
    done = call.query.get("done")
    language = texts_for(call.request).language
    return render(
        call.request, "settings/model.html", 422 if faults else 200,
        viewer=viewer_of(call),
        done=f"settings.model.done.{done}" if done in _DONE else None,
        kept=kept,
        form=sent or _form(kept, "." if language == "en" else ","),
        faults=faults or {},
        tried=tried,
        now=strategies.model_standing(call.connection, call.services.redis, call.tenant_id),
        why=_why,
        formats=strategies.Formats(language),
        sections_there=strategies.ENRICHABLE,
        may_write=accounts.allows(call.principal.role, "strategy_model.write"),
        sees_model=True,
    )  # fmt: skip


def _sent(call: Call) -> dict[str, Any]:
    lines = {name: one_line(call, name, _LONGEST) for name in ("base_url", "model", *_AMOUNTS)}
    return {**lines, "sections": fields(call, "sections"), "active": field(call, "active") == "yes"}


def _form(kept: strategies.ModelSettings | None, point: str) -> dict[str, Any]:
    """What stands in the fields before anything is typed, amounts with the language's decimal point; never the key."""
    if kept is None:
        return {
            **dict.fromkeys(("base_url", "model", *_AMOUNTS), ""), "sections": list(strategies.ENRICHABLE), "active": True,
        }  # fmt: skip
    amounts = {name: f"{getattr(kept, name).normalize():f}".replace(".", point) for name in _AMOUNTS}
    return {
        "base_url": kept.base_url, "model": kept.model, **amounts, "sections": kept.sections, "active": kept.active,
    }  # fmt: skip


def _why(reason: str) -> tuple[str, dict[str, str]]:
    """A key of the catalogue and its values for why the model was of no use."""
    if reason in _EXPLAINED:
        return f"model.fault.{reason}", {}
    if reason in _UNREACHABLE:
        return "model.fault.unreachable", {}
    kind, _, status = reason.partition("_")
    if kind == "status":
        return ("model.fault.broken" if status.startswith("5") else "model.fault.status"), {"status": status}
    return "model.fault.other", {}
