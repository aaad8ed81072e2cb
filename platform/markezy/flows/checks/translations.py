"""Every text in every language the flow speaks."""

from collections.abc import Iterator

from markezy.flows.checks.finding import Finding
from markezy.flows.checks.pieces import texts
from markezy.flows.definition import FlowDefinition
from markezy.flows.wording import LOCALES


def translations(definition: FlowDefinition) -> Iterator[Finding]:
    """Languages the assistant doesn't speak, and texts that lack one."""
    for locale in definition.locales:
        if locale not in LOCALES:
            yield Finding(
                "locales",
                "unknown_locale",
                f"The assistant doesn't speak {locale!r}; it speaks {', '.join(LOCALES)}.",
                f"Remove {locale!r} from `locales`.",
            )
    for at, said in texts(definition):
        missing = [locale for locale in definition.locales if locale not in said]
        if missing:
            named = ", ".join(missing)
            yield Finding(
                at,
                "missing_translation",
                f"The text is missing in: {named}.",
                f"Write it in {named}, or remove the language from `locales`.",
            )
