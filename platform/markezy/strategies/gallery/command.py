"""`strategy gallery`: make the gallery, and say what was found and what it took."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from markezy.strategies.gallery.exhibit import Shown
from markezy.strategies.gallery.hanging import exhibits, hang
from markezy.strategies.layers.findings import NotALayer
from markezy.strategies.layers.layer import LANGUAGES
from markezy.strategies.layers.shipped import sectors
from markezy.strategies.model import Agency
from markezy.strategies.shipped_brands import shipped_brand
from markezy.strategies.typefaces import typefaces

FINE, LOOK, FAILED = 0, 1, 2
_SIZES = ("small", "medium", "large")
_AGENCIES = (("brightlane", "Brightlane"), ("atelier-nova", "Atelier Nova"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; each choice may be given several times."""
    parser.add_argument("--out", type=Path, default=Path("gallery"), help="the folder to write to (gallery)")
    parser.add_argument("--workers", type=int, default=4, help="how many processes (4)")
    parser.add_argument("--sector", action="append", help="one sector; all by default")
    parser.add_argument("--locale", action="append", choices=LANGUAGES, help="one language; all by default")
    parser.add_argument("--size", action="append", help="one golden lead; small, medium and large by default")
    keys = [one.key for one in typefaces()]
    parser.add_argument("--font", choices=keys, help="the typeface of all; by default the agencies' own")


def run(arguments: argparse.Namespace) -> int:
    """0 when all is well, 1 when a document may not go to a lead, 2 when there is nothing to make."""
    try:
        wanted = exhibits(arguments.sector or sectors(), arguments.locale or LANGUAGES, arguments.size or _SIZES)
    except NotALayer as error:
        print(error, file=sys.stderr)
        return FAILED
    if not wanted or arguments.workers < 1:
        print("There is no such golden lead, or nobody to make the documents.", file=sys.stderr)
        return FAILED
    made = 0

    def tell(shown: Shown) -> None:
        nonlocal made
        made += 1
        state = "FAILED" if shown.failed else f"{shown.pages}+{shown.briefing_pages} pages"
        print(f"{made:>3}/{len(wanted)} {shown.exhibit.name}: {state}, {shown.seconds:.1f} s", flush=True)
        for finding in shown.findings:
            print(f"        {finding}", flush=True)

    agencies = [Agency.of(name, shipped_brand(slug)) for slug, name in _AGENCIES]
    if arguments.font:
        agencies = [replace(one, font=arguments.font) for one in agencies]
    hung = hang(wanted, agencies, arguments.out, min(arguments.workers, len(wanted)), tell)
    least, most = hung.pages
    print(f"{len(hung.shown)} strategies, {hung.failed} may not go to a lead; {least} to {most} pages.")
    print(
        f"{hung.strategies_a_minute:.1f} strategies a minute, each with web page and briefing ({hung.seconds:.0f} s in all)."
    )
    peaks = ", ".join(f"{kilobytes / 1024:.0f}" for kilobytes in hung.peaks.values())
    print(f"Peak memory of the workers, in MB: {peaks}.")
    print(f"Look at {arguments.out / 'index.html'}.")
    return LOOK if hung.failed else FINE
