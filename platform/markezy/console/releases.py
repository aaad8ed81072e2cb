"""Which versions of a part count: publish one, try several, go back, follow the product. What was written stays as it is."""

from collections.abc import Callable
from uuid import UUID

from markezy.accounts.api import staff
from markezy.console.forms import field, fields, one_line
from markezy.console.pages import instead, render
from markezy.console.parts import show_part
from markezy.console.places import author_of, authors_in, common, path_of, place_of
from markezy.kernel import audit
from markezy.kernel.errors import Conflict, Invalid, NotFound
from markezy.kernel.http import Call, Reply, endpoint
from markezy.strategies import api as strategies

LONGEST_NOTE = 1000
_NOTHING = ""
"""In place of a version: the agency's layer changes nothing any more."""


@endpoint(staff("templates.write"), instead, audit="template.released")
def publish(call: Call, layer: str, sector: str, part: str) -> Reply:
    """One version for everybody from now on; or none, and an agency's layer changes nothing any more."""
    place, wanted = place_of(layer, sector, part), field(call, "version")
    version_id = None if wanted == _NOTHING else _id(wanted)
    shares = () if version_id is None else (strategies.Share(version_id),)
    follows = field(call, "follows") == "yes"

    def decide(number: int) -> strategies.Release:
        return strategies.publish_template(
            call.connection, call.tenant_id, place, version_id, author_of(call), _note(call),
            follows_product=follows, expected_number=number,
        )  # fmt: skip

    done = "emptied" if version_id is None else "follows" if follows else "published"
    return _decided(call, place, decide, lambda made: made.shares == shares and made.follows_product == follows, done)


@endpoint(staff("templates.write"), instead, audit=None)
def experiment_form(call: Call, layer: str, sector: str, part: str) -> Reply:
    """The shares that the weights come to, before the experiment starts."""
    place = place_of(layer, sector, part)
    history = strategies.history_of(call.connection, call.tenant_id, place)
    try:
        shares = _shares({one.id: call.query.get(f"weight-{one.number}", "") for one in history.versions})
    except Invalid as problem:
        return show_part(call, place, problem, ("templates.refused.experiment", _bounds()))
    return render(
        call.request, "templates/experiment.html",
        history=history, shares=shares, longest_note=LONGEST_NOTE, **common(call, place, authors_in(history)),
    )  # fmt: skip


@endpoint(staff("templates.write"), instead, audit="template.released")
def start_experiment(call: Call, layer: str, sector: str, part: str) -> Reply:
    """Leads get one of several versions by weight, and always the same one."""
    place = place_of(layer, sector, part)
    versions, weights = fields(call, "version"), fields(call, "weight")
    if len(versions) != len(weights):
        raise Invalid("Each version has a weight.")
    try:
        shares = _shares({_id(version): weight for version, weight in zip(versions, weights, strict=True)})
    except Invalid as problem:
        return show_part(call, place, problem, ("templates.refused.experiment", _bounds()))

    def decide(number: int) -> strategies.Release:
        return strategies.start_experiment(
            call.connection, call.tenant_id, place, shares, author_of(call), _note(call), expected_number=number
        )

    return _decided(call, place, decide, lambda made: made.shares == shares, "experiment")


@endpoint(staff("templates.write"), instead, audit="template.released")
def roll_back(call: Call, layer: str, sector: str, part: str) -> Reply:
    """One step back: what the release in force replaced counts again."""
    place = place_of(layer, sector, part)

    def decide(number: int) -> strategies.Release:
        return strategies.roll_template_back(
            call.connection, call.tenant_id, place, author_of(call), _note(call), expected_number=number
        )

    return _decided(call, place, decide, lambda made: made.restores is not None, "back")


def _decided(
    call: Call,
    place: strategies.Place,
    decide: Callable[[int], strategies.Release],
    is_this: Callable[[strategies.Release], bool],
    done: str,
) -> Reply:
    """Release, if the page that was sent showed what is in force. `is_this` tells the release that this very form asks for: sent
    twice, it was made already.
    """
    number = _number(call)
    try:
        made = decide(number)
    except Conflict as problem:
        current = strategies.history_of(call.connection, call.tenant_id, place).current
        if current is None or current.number == number:
            return show_part(call, place, problem, ("templates.refused.nothing_before", {}))
        if current.number != number + 1 or current.author != author_of(call) or not is_this(current):
            return show_part(call, place, problem, ("templates.refused.stale", {"number": current.number}))
        made = current
    audit.subject_is(call.connection, "template_release", made.id)
    return Reply.redirect(f"{path_of(place)}?done={done}")


def _shares(weights: dict[UUID, str]) -> tuple[strategies.Share, ...]:
    """The versions that were given a weight; Invalid when they make no experiment."""
    given = {version_id: weight.strip() for version_id, weight in weights.items() if weight.strip() not in ("", "0")}
    if not 2 <= len(given) <= strategies.MOST_VERSIONS or not all(map(_is_weight, given.values())):
        raise Invalid("An experiment needs versions with weights.")
    return tuple(strategies.Share(version_id, int(weight)) for version_id, weight in given.items())


def _is_weight(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= strategies.LARGEST_WEIGHT


def _bounds() -> dict[str, object]:
    return {"most": strategies.MOST_VERSIONS, "heaviest": strategies.LARGEST_WEIGHT}


def _note(call: Call) -> str:
    return one_line(call, "note", LONGEST_NOTE)


def _number(call: Call) -> int:
    """The release that the form was made for."""
    given = field(call, "number")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid("A release has a number.")
    return int(given)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound("There is no such version.") from None
