"""Data of people where they have no place."""

from collections.abc import Sequence

from tests.markezy.strategies.checks.documents import Written
from tests.markezy.strategies.checks.mutators.making import Defect, Draw, added, mutator
from tests.markezy.strategies.checks.sentences import SENTENCES


def _reachable(written: Written, draw: Draw, data: str, *codes: str, inside: Sequence[str] = ()) -> Defect:
    sentence = SENTENCES[written.language]["reach"].format(data=data)
    return added(written, draw, sentence, "personal_data", *codes, inside=inside)


@mutator
def address_of_somebody_else(written: Written, draw: Draw) -> Defect:
    return _reachable(written, draw, draw.of(["j.doe@elsewhere.example", "claire+x@gmail.com"]), "other_email")


@mutator
def phone_of_somebody_else(written: Written, draw: Draw) -> Defect:
    numbers = [
        "+33 6 98 76 54 32",
        "06 98 76 54 32",
        "612 345 679",
        "+44 20 7946 0958",
        "(212) 555-2368",
        "+34612345679",
        "01.44.55.66.77",
    ]
    return _reachable(written, draw, draw.of(numbers), "other_phone")


_PLAN_SECTIONS = ("audience", "positioning", "channels", "content", "budget", "forecast")


@mutator
def address_of_the_lead_in_the_wrong_place(written: Written, draw: Draw) -> Defect | None:
    email = written.case.lead.contact.email
    return _reachable(written, draw, email, "data_in_wrong_place", inside=_PLAN_SECTIONS) if email else None


@mutator
def phone_of_the_lead_in_the_wrong_place(written: Written, draw: Draw) -> Defect | None:
    phone = written.case.lead.contact.phone
    if not phone:
        return None
    number = draw.of([phone, "".join(phone.split())])
    return _reachable(written, draw, number, "data_in_wrong_place", inside=_PLAN_SECTIONS)


@mutator
def name_of_the_lead_in_the_wrong_place(written: Written, draw: Draw) -> Defect | None:
    name = written.case.lead.contact.name
    if not name or " " not in name:
        return None
    return _reachable(written, draw, name, "name_in_wrong_place", inside=_PLAN_SECTIONS)


@mutator
def name_of_somebody_else(written: Written, draw: Draw) -> Defect:
    names = [
        "Nicolas Lefèvre",
        "Mr Johnson",
        "Mme Durand",
        "Sra. Giménez",
        "Isabel Ferrer",
        "Deborah Wright",
        "Dear Johnson",
        "Bonjour Durand",
    ]
    return _reachable(written, draw, draw.of(names), "other_name")


@mutator
def account_of_somebody(written: Written, draw: Draw) -> Defect:
    accounts = ["FR76 3000 6000 0112 3456 7890 189", "ES9121000418450200051332", "GB29 NWBK 6016 1331 9268 19"]
    return _reachable(written, draw, draw.of(accounts), "other_account")


@mutator
def card_of_somebody(written: Written, draw: Draw) -> Defect:
    return _reachable(written, draw, draw.of(["4111 1111 1111 1111", "5500-0000-0000-0004"]), "other_card")


@mutator
def identity_of_somebody(written: Written, draw: Draw) -> Defect:
    numbers = ["1 85 05 78 006 084 36", "12345678Z", "X1234567L", "078-05-1120", "AB 12 34 56 C"]
    return _reachable(written, draw, draw.of(numbers), "other_identity")
