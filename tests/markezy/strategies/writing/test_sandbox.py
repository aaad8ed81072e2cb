"""What texts may do, and that none of them leaves its place or takes more than its share."""

from typing import Any

import pytest
from markezy.strategies.layers.parts import LONGEST_TEXT
from markezy.strategies.writing.environment import MOST_TURNS, WORK, Work
from markezy.strategies.writing.grammar import NoText
from markezy.strategies.writing.sandbox import BrokenTemplate, Condition, Text


class Thing:
    """Something with a method and a secret."""

    _secret = "x"
    shown = "<b>shown</b>"

    def method(self) -> str:
        return "called"


def _write(source: str, work: Work | None = None, **variables: Any) -> str:
    allowance = work or Work()
    return Text(source).write(
        {WORK: allowance, "thing": Thing(), "said": lambda question: "x" * 300, **variables}, allowance
    )


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("a <b>b</b><br>c", "a <b>b</b><br>c"),
        ("R&D &amp; sales &lt;3", "R&amp;D &amp; sales &lt;3"),
        ("{{ thing.shown }}", "&lt;b&gt;shown&lt;/b&gt;"),
        ("{{ '<i>' }}", "&lt;i&gt;"),
        ("{{ 2 + 3 * 4 }} {{ 'a' ~ 1 }}", "14 a1"),
        ("{% for a in [1, 2] %}{{ a }}{{ ', ' if not loop.last }}{% endfor %}", "1, 2"),
        ("{% set a = 2 %}{% if a > 1 %}two{% else %}one{% endif %}", "two"),
        ("{{ 'éa'|capitalize }} {{ ['a', '<'] | join('&') }}", "Éa a&amp;&lt;"),
        ("{{ missing|default('x') }}{% if missing is defined %}y{% endif %}", "x"),
    ],
)
def test_texts_are_written(source: str, written: str) -> None:
    assert _write(source) == written


@pytest.mark.parametrize(
    "source",
    [
        "{{ oops", "{% if x %}", "{% include 'x' %}", "{% import 'x' as y %}", "{% extends 'x' %}", "{% macro a() %}{% endmacro %}",
        "{% block a %}{% endblock %}", "{% filter upper %}a{% endfilter %}", "{% set a %}b{% endset %}", "{% set a = [a, a] %}",
        "{% set a, b = 1, 2 %}", "{% call x() %}{% endcall %}", "{% do x %}", "{{ x ** 9 }}", "{{ x % 9 }}", "{{ x // 2 }}", "{{ {} }}",
        "{{ x[1:2] }}", "{{ thing.method() }}", "{{ 'x'.format() }}", "{{ thing._secret }}", "{{ _work }}", "{{ said(*x) }}",
        "{{ x|map('upper') }}", "{{ x|center(9) }}", "{{ x|tojson }}", "{{ x|safe }}", "{{ x is mapping }}",
        "{% for a in x %}{% for b in a %}{% for c in b %}{% endfor %}{% endfor %}{% endfor %}", "{% for a in x recursive %}{% endfor %}",
        "<script>", "<p>a</p>", "<b class=x>a</b>", "a < b", "<b>a", "a</b>", "<b><i>a</b></i>", "{% if x %}<b>{% endif %}a</b>",
        "<{{ x }}>",
        "{{ " + "(" * 1500 + "1" + ")" * 1500 + " }}", "x" * (LONGEST_TEXT + 1),
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_before_it_runs(source: str) -> None:
    with pytest.raises(NoText):
        Text(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ missing }}", "{{ thing.missing }}", "{{ none }}", "{{ true }}", "{{ 1.5 }}", "{{ thing }}", "{{ thing.method }}", "{{ said }}",
        "{{ [1] }}", "{{ 'a' ~ none }}", "{{ [none]|join }}", "{{ 'a' * 9 }}", "{{ 'a' + 'b' }}", "{{ 1 / 0 }}", "{{ thing['_secret'] }}",
        "{{ thing['__class__'] }}", "{{ said['__globals__'] }}", "{% for a in 'text' %}{% endfor %}", "{% for a in missing %}{% endfor %}",
        "{{ 999999999 * 999999999 * 999999999 }}", "{{ said() }}", "{{ thing.shown|round }}", "{{ missing|capitalize }}",
    ],
)  # fmt: skip
def test_what_can_not_be_shown_or_counted_breaks_the_text(source: str) -> None:
    with pytest.raises(BrokenTemplate):
        _write(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% set a = said('x') %}" + "{% set a = a ~ a %}" * 100 + "{{ a }}",
        "{% set a = said('x') %}" + "{% set a = a ~ a %}" * 100,
        "{% set a = 9 %}" + "{% set a = a * a %}" * 200,
        "{% for a in list %}{% for b in list %}{{ said(a) }}{% endfor %}{% endfor %}",
        "{% for a in list %}{% for b in list %}{% endfor %}{% endfor %}",
        "{% for a in long %}{% endfor %}",
        "{{ long|join }}",
        "{{ " + " ~ ".join(["said('x')"] * 200) + " }}",
    ],
)
def test_a_text_that_grows_or_does_not_end_is_stopped(source: str) -> None:
    work = Work(turns=1000)
    with pytest.raises(BrokenTemplate):
        _write(source, work, list=["x"] * 150, long=["x"] * 1000)


def test_the_allowance_is_that_of_the_whole_document() -> None:
    work, text = Work(), Text("{% for a in list %}{% for b in list %}{% endfor %}{% endfor %}")
    variables = {WORK: work, "list": [1] * 70}
    for _ in range(2):
        text.write(variables, work)
    assert work.turns == MOST_TURNS - 2 * (70 + 70 * 70)
    with pytest.raises(BrokenTemplate):
        text.write(variables, work)


def test_many_short_texts_do_not_make_a_long_document_either() -> None:
    work = Work(characters=100)
    text = Text("x" * 60)
    text.write({}, work)
    with pytest.raises(BrokenTemplate):
        text.write({}, work)


def test_a_broken_text_tells_nothing_of_the_lead() -> None:
    with pytest.raises(BrokenTemplate) as caught:
        _write("{{ name + 1 }}", name="Secretville")
    assert "Secretville" not in str(caught.value)


def test_a_condition_holds_or_not() -> None:
    for source, holds in (("a and not b", True), ("a == 2", False), ("b is none", True)):
        assert Condition(source).holds({"a": 1, "b": None}, Work()) is holds
    for source in ("a %}x{% endif", "a }}", "", "a if"):
        with pytest.raises(NoText):
            Condition(source)


def test_a_text_tells_what_it_uses() -> None:
    text = Text(
        "{% set a = said('city') %}{% for b in plan.steps %}{{ loop.index }}{% endfor %}{{ chose('goal', 'x', 'y') }}{{ said(c) }}"
    )
    assert text.names == {"said", "plan", "chose", "c"}
    assert text.calls == {("said", ("city",)), ("chose", ("goal", "x", "y"))}
