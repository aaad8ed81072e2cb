"""What a strategy is written from, beside words and figures: whose it is, who writes it, when."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from markezy.flows.api import ScoreReason
from markezy.leads.api import Contact, QualifiedAnswer, QualifiedLead
from markezy.strategies.model import Agency


@dataclass(frozen=True)
class Case:
    """One lead's strategy to be: the same case, words and figures make the same document."""

    lead: QualifiedLead
    agency: Agency
    sector: str
    locale: str
    today: date
    reasons: tuple[ScoreReason, ...] = ()
    """What the lead's score is made of, for the staff; empty where it is not known."""


def as_json(case: Case) -> dict[str, Any]:
    """The case as it is kept; it holds the lead's answers and has to be sealed."""
    lead = asdict(case.lead)
    for id_ in ("lead_id", "conversation_id", "flow_version_id"):
        lead[id_] = str(lead[id_])
    lead["answers"] = [asdict(answer) for answer in case.lead.answers]
    return {
        "lead": lead,
        "agency": asdict(case.agency),
        "sector": case.sector,
        "locale": case.locale,
        "today": case.today.isoformat(),
        "reasons": [asdict(reason) for reason in case.reasons],
    }


def from_json(data: dict[str, Any]) -> Case:
    """The case that was kept. What an agency has come to show since then is left as its default."""
    lead, agency = data["lead"], data["agency"]
    ids = {id_: UUID(lead[id_]) for id_ in ("lead_id", "conversation_id", "flow_version_id")}
    known = {field.name for field in fields(Agency)}
    shown = {name: value for name, value in agency.items() if name in known}
    return Case(
        lead=QualifiedLead(
            **ids,
            locale=lead["locale"],
            end=lead["end"],
            score=lead["score"],
            contact=Contact(**lead["contact"]),
            answers=tuple(QualifiedAnswer(**answer) for answer in lead["answers"]),
        ),
        agency=Agency(**{**shown, "address": tuple(shown.get("address", ()))}),
        sector=data["sector"],
        locale=data["locale"],
        today=date.fromisoformat(data["today"]),
        reasons=tuple(_reason(each) for each in data.get("reasons", ())),
    )


def _reason(data: dict[str, Any]) -> ScoreReason:
    return ScoreReason(tuple(data["questions"]), tuple(data["labels"]), data["points"])
