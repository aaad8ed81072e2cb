"""What is found before a flow is published: one broken flow a finding."""

from collections.abc import Callable
from typing import Any

import pytest
from markezy.flows.api import check
from markezy.flows.checks import ERROR, WARNING, Finding, errors_of

from tests.markezy.flows.conftest import option, question, said, small_flow

Break = Callable[[dict[str, Any]], Any]


def findings(break_it: Break) -> list[Finding]:
    definition = small_flow()
    break_it(definition)
    return check(definition)


def codes(break_it: Break) -> set[str]:
    return {finding.code for finding in findings(break_it)}


def scoring(when: str) -> Break:
    return lambda flow: flow["scoring"].append({"when": when, "points": 1})


def ways(question_: str, *steps: tuple[str, str] | str) -> Break:
    """Other transitions for a question."""
    made = [{"to": step} if isinstance(step, str) else {"when": step[0], "to": step[1]} for step in steps]
    return lambda flow: flow["questions"][question_].update(next=made)


def computed(**fields: str) -> Break:
    return lambda flow: flow.update(computed={id_: {"value": value} for id_, value in fields.items()})


def shown_only_if(when: str) -> Break:
    return lambda flow: flow["questions"]["rich"].update(when=when)


def rule(when: str, to: str = "nothing") -> Break:
    return lambda flow: flow.update(rules=[{"when": when, "to": to}])


def goals(*options: dict[str, Any], **more: Any) -> Break:
    return lambda flow: flow["questions"]["goal"].update(
        options=[*flow["questions"]["goal"]["options"], *options], **more
    )


def declared(**members: Any) -> Break:
    return lambda flow: flow.update(members)


def end(id_: str) -> Break:
    return lambda flow: flow["ends"].update({id_: {"outcome": "nurture", "message": said("Bye")}})


def all_of(*breaks: Break) -> Break:
    return lambda flow: [break_it(flow) for break_it in breaks]


def title(value: str, words: str) -> dict[str, Any]:
    return {"value": value, "title": said(words)}


def test_a_flow_in_order_has_no_findings() -> None:
    assert check(small_flow()) == []


MALFORMED: list[tuple[str, str, Break, str]] = [
    ("malformed", "colour", lambda flow: flow.update(colour="red"), "docs/flows.md"),
    ("malformed", "questions/goal/type", lambda flow: flow["questions"]["goal"].update(type="riddle"), "docs/flows.md"),
    ("malformed", "questions/goal", lambda flow: flow["questions"]["goal"].pop("options"), "docs/flows.md"),
    ("malformed", "questions/name", lambda flow: flow["questions"]["name"].update(options=[option("a")]), "docs"),
    ("malformed", "questions/goal", goals(option("sales")), "docs/flows.md"),
    ("malformed", "questions/name/validation", lambda f: f["questions"]["name"].update(validation={"pattern": "("}), "docs"),
    ("malformed", "questions/name/validation", lambda f: f["questions"]["name"].update(validation={"min": 3, "max": 2}), "docs"),
    ("malformed", "questions/rich", lambda flow: flow["questions"]["rich"].update(type="scale"), "docs/flows.md"),
    ("malformed", "questions/name/next", lambda flow: flow["questions"]["name"].update(next=[]), "docs/flows.md"),
    ("malformed", "greeting/en", lambda flow: flow["greeting"].update(en="a\0b"), "Remove the character"),
]  # fmt: skip
BROKEN: list[tuple[str, str, Break, str]] = [
    ("unknown_target", "start", lambda flow: flow.update(start="nowhere"), "Name a question"),
    ("unknown_target", "questions/rich/next/0", ways("rich", "nowhere"), "a question or an end"),
    ("unknown_target", "rules/0", rule("answers.rich == true", "name"), "Name an end"),
    ("no_default", "questions/goal/next", ways("goal", ("answers.goal == 'sales'", "budget")), "without `when`"),
    ("dead_transition", "questions/goal/next/1", ways("goal", "budget", "reason"), "remove this one"),
    ("dead_transition", "questions/budget/next/1",
     ways("budget", ("answers.budget > 100", "rich"), ("answers.budget > 500", "name"), "name"), "Move it up"),
    ("invalid_condition", "scoring/2", scoring("answers.goal =="), "Write it like"),
    ("invalid_condition", "scoring/2", scoring("answers.goal = 'sales'"), "Write `==`"),
    ("invalid_condition", "scoring/2", scoring("answers.goal == 'sales' and score > 1"), "Write `&&`"),
    ("unknown_variable", "scoring/2", scoring("answers.goal == sales"), 'Write "sales" with quotation marks'),
    ("unusable_condition", "scoring/2", scoring("answers.rich == 'yes'"), "Write `answers.rich == true`"),
    ("unusable_condition", "scoring/2",
     all_of(lambda f: f["questions"]["goal"].update(type="multi_choice"), scoring("answers.goal != 'sales'")),
     'Write `!("sales" in answers.goal)`'),
    ("unknown_variable", "scoring/2", scoring("answer.goal == 'x'"), "Use one of: answers"),
    ("unknown_variable", "scoring/2", scoring("score > 1"), "Use one of: answers"),
    ("unknown_variable", "computed/twice", computed(twice="score * 2"), "Use one of: answers"),
    ("unknown_question", "scoring/2", scoring("answers.gaol == 'x'"), "the id of a question"),
    ("unknown_question", "scoring/2", scoring("answers['gaol'] == 'x'"), "the id of a question"),
    ("unknown_field", "scoring/2", scoring("computed.share > 1"), "under `computed`"),
    ("unknown_option", "scoring/2", scoring("answers.goal == 'sale'"), "sales, other"),
    ("unknown_option", "scoring/2", scoring("answers.goal in ['x']"), "sales, other"),
    ("unusable_condition", "scoring/2", scoring("answers.budget == 1 + 'x'"), "values of one kind"),
    ("unusable_condition", "scoring/2", scoring("answers.budget + 1"), "values of one kind"),
    ("unusable_condition", "scoring/2", scoring("answers.goal > 3"), "values of one kind"),
    ("unusable_condition", "scoring/2", scoring("answers.budget * 0.1 > 3.0"), "double(answers.x)"),
    ("unusable_condition", "computed/yearly", computed(yearly="answers.budget * 12"), "double(answers.x)"),
    ("computed_cycle", "computed/one", computed(one="computed.two + 1", two="computed.one + 1"), "don't lead back"),
    ("computed_cycle", "computed/one", computed(one="computed.one + 1"), "don't lead back"),
    ("cycle", "questions/name/next/0", ways("name", "goal"), "a later question or an end"),
    ("unreachable", "questions/lonely", lambda f: f["questions"].update(lonely=question("text", "done")), "lead here"),
    ("unreachable", "ends/lonely",
     lambda flow: flow["ends"].update(lonely={"outcome": "nurture", "message": said("x")}), "lead here"),
    ("asked_later", "questions/goal/next/0", ways("goal", ("answers.name == 'x'", "budget"), "reason"), "Ask 'name' earlier"),
    ("asked_later", "questions/rich/when", shown_only_if("answers.rich == true"), "Ask 'rich' earlier"),
    ("never_holds", "questions/goal/next/0",
     ways("goal", ("answers.goal == 'sales' && answers.goal == 'other'", "budget"), "reason"), "remove the transition"),
    ("never_holds", "questions/goal/next/0", ways("goal", ("!has(answers.goal)", "budget"), "reason"), "remove the transition"),
    ("never_holds", "questions/budget/next/0",
     ways("budget", ("answers.budget < 5 && answers.budget > 50", "rich"), "name"), "remove the transition"),
    ("never_holds", "questions/budget/next/0", ways("budget", ("score > 11", "rich"), "name"), "remove the transition"),
    ("never_holds", "questions/rich/when", shown_only_if("answers.goal != 'sales' && answers.goal != 'other'"), "question"),
    ("never_holds", "questions/rich/when", shown_only_if("locale == 'es'"), "remove the question"),
    ("never_holds", "rules/0", rule("channel == 'widget' && locale == 'es'"), "remove the rule"),
    ("never_holds", "scoring/2", scoring("answers.budget < -1"), "remove the points"),
    ("never_holds", "questions/rich/next/0",
     all_of(ways("rich", ("answers.goal == 'other'", "odd"), "name"), end("odd")), "remove the transition"),
    ("unreachable", "ends/odd",
     all_of(ways("rich", ("answers.goal == 'other'", "odd"), "name"), end("odd")), "Correct these conditions"),
    ("never_holds", "questions/rich/when", shown_only_if("answers.goal == 'other'"), "remove the question"),
    ("never_holds", "rules/0", rule("answers.goal == 'other' && answers.budget > 5"), "remove the rule"),
    ("always_holds", "questions/rich/next/0",
     ways("rich", ("answers.goal == 'sales'", "name"), "nothing"), "drop what follows"),
    ("dead_transition", "questions/name/next/1",
     ways("name", ("answers.budget > 5", "nothing"), ("answers.rich == false", "nothing"), "done"), "Move it up"),
    ("dead_transition", "rules/1",
     lambda flow: flow.update(rules=[{"when": "answers.budget > 5", "to": "done"},
                                     {"when": "answers.budget > 50", "to": "nothing"}]), "rules before it narrower"),
    ("unknown_channel", "rules/0", rule("channel == 'telegram'"), "under `channels`: widget"),
    ("unknown_channel", "rules/0", rule("answers.rich == true || channel == 'whatsapp'"), "List 'whatsapp' under `channels`"),
    ("unknown_hidden", "scoring/2",
     all_of(declared(hidden=["plan", "shop"]), scoring("hidden.plna == 'gold'")), "one that is there: plan, shop"),
    ("long_text", "questions/goal/text",
     all_of(declared(channels=["whatsapp"]), lambda flow: flow["questions"]["goal"].update(text=said("x" * 1025))), "1024"),
    ("long_text", "questions/goal/repair",
     all_of(declared(channels=["whatsapp"]), lambda flow: flow["questions"]["goal"].update(repair=said("x" * 1025))), "1024"),
    ("long_title", "questions/goal/options/growth",
     all_of(declared(channels=["widget", "messenger"]), goals(title("growth", "Growth at any price"))), "Shorten it to 20"),
    ("many_choices", "questions/goal",
     all_of(declared(channels=["whatsapp"]), goals(*(option(f"choice_{number}") for number in range(9)))), "10 choices at most"),
    ("long_recap", "ends/done/recap",
     all_of(declared(channels=["whatsapp"]),
            lambda flow: [each.update(label=said("l" * 300)) for each in flow["questions"].values()]), "`recap: false`"),
    ("always_holds", "questions/rich/next/0", ways("rich", ("has(answers.rich)", "name"), "nothing"), "drop what follows"),
    ("always_holds", "rules/0", rule("locale == 'en' || locale == 'fr'"), "remove the rule"),
    ("unfilled_placeholder", "questions/name/text/en",
     lambda flow: flow["questions"]["name"].update(text=said("About {budget}?")), "every lead has given"),
    ("unfilled_placeholder", "questions/name/text/en",
     lambda flow: flow["questions"]["name"].update(text=said("{who}?")), "every lead has given"),
    ("unfilled_placeholder", "ends/done/message/fr",
     lambda flow: flow["questions"]["name"].update(when="has(answers.budget)"), "passed over"),
    ("missing_translation", "greeting", lambda flow: flow["greeting"].pop("fr"), "Write it in fr"),
    ("missing_translation", "questions/goal/options/sales",
     lambda flow: flow["questions"]["goal"]["options"][0]["title"].pop("fr"), "Write it in fr"),
    ("missing_translation", "questions/name/placeholder",
     lambda flow: flow["questions"]["name"].update(placeholder={"en": "Maya"}), "Write it in fr"),
    ("missing_translation", "questions/name/repair",
     lambda flow: flow["questions"]["name"].update(repair={"fr": "Pardon ?"}), "Write it in en"),
    ("missing_translation", "faqs/price/answer", lambda flow: flow["faqs"]["price"]["answer"].pop("en"), "Write it in en"),
    ("unknown_locale", "locales", lambda flow: flow.update(locales=["en", "fr", "nl"]), "Remove 'nl'"),
    ("alike_options", "questions/goal/options/growth", goals(option("growth", "Turnover!")), "one of the two"),
]  # fmt: skip
DOUBTFUL: list[tuple[str, str, Break, str]] = [
    ("always_holds", "questions/rich/when", shown_only_if("has(answers.budget)"), "or remove it"),
    ("always_holds", "scoring/2", scoring("1 < 2"), "remove the points"),
    ("overlapping_conditions", "questions/budget/next/1",
     ways("budget", ("answers.budget >= 1000", "rich"), ("answers.budget <= 2000", "name"), "name"), "no answer fits both"),
    ("overlapping_conditions", "rules/1",
     lambda flow: flow.update(rules=[{"when": "answers.name == 'x' || answers.name == 'y'", "to": "done"},
                                     {"when": "answers.name in ['y', 'z']", "to": "nothing"}]), "no answer fits both"),
    ("unknown_hidden", "scoring/2", scoring("hidden.plan == 'gold'"), "`hidden: [plan]`"),
    ("unknown_utm", "scoring/2", scoring("utm.sorce == 'news'"), "utm.source"),
    ("long_text", "questions/goal/text", lambda flow: flow["questions"]["goal"].update(text=said("x" * 1025)), "1024"),
    ("long_text", "questions/goal/repair", lambda flow: flow["questions"]["goal"].update(repair=said("x" * 1025)), "1024"),
    ("long_text", "ends/done/message",
     lambda flow: flow["ends"]["done"].update(message=said("x" * 1950 + " {name}")), "answers shown in it included"),
    ("long_title", "questions/goal/options/growth",
     goals(title("growth", "Growth at any price, soon")), "Shorten it to 20"),
    ("many_choices", "questions/goal", goals(*(option(f"choice_{number}") for number in range(9))), "10 choices at most"),
    ("long_recap", "ends/done/recap",
     lambda flow: [each.update(label=said("l" * 300)) for each in flow["questions"].values()], "`recap: false`"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "at", "break_it", "mend"), MALFORMED + BROKEN)
def test_a_flow_with_an_error_is_refused_with_its_place_and_its_mend(
    code: str, at: str, break_it: Break, mend: str
) -> None:
    found = [finding for finding in findings(break_it) if finding.code == code and finding.at == at]
    assert found, findings(break_it)
    assert mend in found[0].mend
    assert found[0].severity == ERROR
    assert found[0].message


@pytest.mark.parametrize(("code", "at", "break_it", "mend"), DOUBTFUL)
def test_what_is_only_doubtful_is_told_and_published(code: str, at: str, break_it: Break, mend: str) -> None:
    all_found = findings(break_it)
    found = [finding for finding in all_found if finding.code == code and finding.at == at]
    assert found, all_found
    assert mend in found[0].mend
    assert found[0].severity == WARNING
    assert errors_of(all_found) == []


@pytest.mark.parametrize(
    "break_it",
    [
        scoring("[1, 2].exists(n, n == answers.budget)"),
        scoring("answers.budget > 10.0 && answers.budget < 20.0"),
        scoring("double(answers.budget) * 0.1 > 3.0"),
        all_of(declared(hidden=["plan"]), scoring("hidden.plan == 'gold' || utm.source == 'news'")),
        scoring("'reason' in answers"),
        computed(yearly="double(answers.budget) * 12.0"),
        computed(two="computed.one + 1.0", one="double(answers.budget)"),
        ways("budget", ("double(answers.budget) / 12.0 > 1.0e9", "rich"), "name"),
        ways("goal", ("answers.goal == 'sales'", "budget"), ("answers.goal == 'other'", "reason"), "name"),
        ways("budget", ("answers.budget > 500", "rich"), ("answers.budget > 100", "name"), "name"),
        shown_only_if("answers.budget > 500 || locale == 'fr'"),
        all_of(declared(channels=["widget", "messenger"]), rule("answers.reason == 'spam' || channel == 'messenger'")),
        ways("name", ("answers.rich == true", "done"), ("answers.rich == false", "nothing"), "done"),
        lambda flow: (
            flow["questions"]["name"].update(text=said("{budget}?"), when="answers.budget > 5")
            or flow["ends"]["done"].update(message=said("Thanks"))
        ),
        ways(
            "budget",
            ("answers.budget < 100", "name"),
            ("answers.budget >= 100 && answers.budget < 1000", "name"),
            "rich",
        ),
        all_of(
            ways("rich", ("answers.rich == true", "name"), ("answers.rich == false", "name"), "just_in_case"),
            end("just_in_case"),
        ),
    ],
)
def test_what_can_happen_is_not_called_impossible(break_it: Break) -> None:
    assert findings(break_it) == []


def test_a_condition_with_too_many_combinations_is_given_the_benefit_of_the_doubt() -> None:
    """13 questions of two answers, or none, make 1.6 million combinations; 4,096 are tried."""
    flow = small_flow()
    ids = [f"q{number}" for number in range(13)]
    for number, id_ in enumerate(ids):
        flow["questions"][id_] = question("yes_no", *ids[number + 1 : number + 2] or ["done"])
    flow["questions"]["rich"]["next"] = [{"to": "q0"}]
    nobody = " && ".join(f"answers.{id_} == true && answers.{id_} == false" for id_ in ids)
    flow["scoring"].append({"when": nobody, "points": 1})
    flow["ends"]["done"]["message"] = said("Thanks")
    assert "never_holds" not in {finding.code for finding in check(flow)}


def test_too_few_combinations_to_doubt_are_all_tried() -> None:
    flow = small_flow()
    flow["scoring"].append(
        {
            "when": "answers.budget > 1 && answers.rich == true && answers.budget < 1 && answers.goal == 'sales'",
            "points": 1,
        }
    )
    (finding,) = check(flow)
    assert (finding.code, finding.at) == ("never_holds", "scoring/2")
    assert finding.message == (
        "Whatever leads answer to 'budget' and 'goal' and 'rich', this never holds, so nobody gets these points."
    )


def only(break_it: Break) -> Finding:
    (finding,) = findings(break_it)
    return finding


def test_an_overlap_is_told_with_both_conditions_and_a_lead_who_fits_them() -> None:
    finding = only(ways("budget", ("answers.budget >= 1000", "rich"), ("answers.budget <= 2000", "name"), "name"))
    assert finding.message == (
        "`answers.budget >= 1000` (questions/budget/next/0, to 'rich') and `answers.budget <= 2000` "
        "(questions/budget/next/1, to 'name') both hold for some leads, for example with budget = 1000. "
        "They go to 'rich', because it is written first."
    )


@pytest.mark.parametrize(
    "steps",
    [
        [("answers.budget >= 5000", "rich"), ("answers.budget >= 1000", "nothing"), "name"],
        [("answers.budget > 2000", "rich"), ("answers.budget >= 1000", "nothing"), ("answers.budget <= 2000", "name"), "name"],
        [("answers.budget >= 1000", "rich"), ("answers.budget <= 2000", "rich"), "name"],
        [("answers.budget >= 1000", "rich"), ("utm.source == 'news'", "nothing"), "name"],
        [("answers.budget >= 1000", "rich"), ("answers.goal == 'other' && answers.budget < 2000 || answers.budget < 5", "nothing"),
         "name"],
    ],
)  # fmt: skip
def test_an_order_that_is_meant_is_no_overlap(steps: list[Any]) -> None:
    """A cascade; a cascade behind another way; one end; different subjects; answers that don't come together on the way here."""
    assert "overlapping_conditions" not in codes(ways("budget", *steps))


def test_several_choices_overlap_when_somebody_may_choose_both() -> None:
    finding = only(
        all_of(
            lambda flow: flow["questions"]["goal"].update(type="multi_choice"),
            ways("goal", ("'sales' in answers.goal", "budget"), ("'other' in answers.goal", "reason"), "reason"),
        )
    )
    assert (finding.code, finding.at) == ("overlapping_conditions", "questions/goal/next/1")
    assert 'with goal = ["sales", "other"]' in finding.message


def test_behind_a_condition_that_is_wrong_nothing_else_is_told() -> None:
    finding = only(ways("goal", ("answers.goal == 'sale'", "budget"), "reason"))
    assert (finding.code, finding.message) == (
        "unknown_option",
        "The question 'goal' has no option 'sale'. Did you mean 'sales'?",
    )


def test_no_place_is_told_twice() -> None:
    for _, _, break_it, _ in (*BROKEN, *DOUBTFUL):
        told = [(each.at, each.code, each.message) for each in findings(break_it)]
        assert len(told) == len(set(told))
        holding = [
            at for at, code, _ in told if code in ("never_holds", "always_holds", "dead_transition", "unreachable")
        ]
        assert len(holding) == len(set(holding))


def test_up_to_three_choices_are_buttons_with_shorter_titles_on_whatsapp() -> None:
    """“Growth at any price (fr)” has 24 characters: a row of a list holds them, a button doesn't."""
    long = goals(title("growth", "Growth at any price"))
    few = all_of(declared(channels=["whatsapp"]), long)
    assert [(each.code, each.at) for each in errors_of(findings(few))] == [
        ("long_title", "questions/goal/options/growth")
    ]
    assert errors_of(findings(all_of(few, goals(option("fourth"))))) == []


def test_a_repair_without_buttons_may_be_as_long_as_a_message() -> None:
    assert (
        findings(
            all_of(declared(channels=["whatsapp"]), lambda f: f["questions"]["budget"].update(repair=said("x" * 1025)))
        )
        == []
    )


def test_only_the_questions_of_one_way_stand_on_the_recap() -> None:
    """Each branch alone fits."""
    long = all_of(
        declared(channels=["whatsapp"]),
        lambda flow: [flow["questions"][id_].update(label=said("l" * 400)) for id_ in ("rich", "reason")],
    )
    assert findings(long) == []


def test_a_flow_too_large_to_follow_is_checked_all_the_same() -> None:
    flow = small_flow()
    ids = [f"q{number}" for number in range(150)]
    for number, id_ in enumerate(ids):
        flow["questions"][id_] = question("number", *ids[number + 1 : number + 2] or ["done"])
    flow["questions"]["name"]["next"][-1] = {"to": "q0"}
    flow["scoring"] += [{"when": f"answers.{id_} > {number}", "points": number} for number, id_ in enumerate(ids)]
    flow["questions"][ids[-1]]["next"].insert(0, {"when": "score > 11000 && answers.goal == 'other'", "to": "nothing"})
    assert {finding.code for finding in check(flow)} == {"long_recap"}


def test_a_rule_that_calls_a_person_leads_nobody_away_from_the_rules_behind_it() -> None:
    flow = small_flow()
    flow["rules"] = [
        {"when": "answers.budget >= 500", "call_person": True},
        {"when": "answers.budget >= 1000", "to": "done"},
        {"when": "answers.budget >= 800", "call_person": True},
    ]
    found = {(each.code, each.at) for each in check(flow)}
    assert {code for code, at in found if at.startswith("rules")} == set()


def test_a_rule_that_calls_a_person_for_nobody_is_found() -> None:
    flow = small_flow()
    flow["rules"] = [{"when": "answers.goal == 'sales' && answers.goal == 'other'", "call_person": True}]
    assert any(each.at == "rules/0" for each in check(flow))
