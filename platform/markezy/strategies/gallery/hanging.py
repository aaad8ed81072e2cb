"""The whole gallery: exhibits made by several processes at once, and a page that leads to all of them."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from markezy.strategies.gallery.exhibit import Exhibit, Shown, show
from markezy.strategies.layers.golden import golden_file
from markezy.strategies.model import Agency

DOCUMENTS_EACH = 2
"""PDFs of an exhibit: the strategy and the briefing."""

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip


@dataclass(frozen=True)
class Hung:
    """A gallery that was made, with what making it took."""

    shown: tuple[Shown, ...]
    seconds: float

    @property
    def failed(self) -> int:
        return sum(one.failed for one in self.shown)

    @property
    def strategies_a_minute(self) -> float:
        """Strategies with their web page and briefing."""
        return 60 * len(self.shown) / self.seconds

    @property
    def peaks(self) -> dict[int, int]:
        """By process, the most memory it ever had, in kilobytes."""
        peaks: dict[int, int] = {}
        for one in self.shown:
            peaks[one.worker] = max(peaks.get(one.worker, 0), one.peak_kilobytes)
        return peaks

    @property
    def pages(self) -> tuple[int, int]:
        """Of the shortest and of the longest strategy; (0, 0) when there is none."""
        counts = [one.pages for one in self.shown if one.pages] or [0]
        return min(counts), max(counts)


def exhibits(sectors: Iterable[str], locales: Iterable[str], leads: Iterable[str]) -> list[Exhibit]:
    """One a sector, language and golden lead; a lead that a sector does not have is passed over. NotALayer."""
    return [
        Exhibit(sector, locale, lead)
        for sector in sectors
        for locale in locales
        for lead in leads
        if lead in golden_file(sector).leads
    ]


def hang(
    wanted: Sequence[Exhibit], agencies: Sequence[Agency], folder: Path, workers: int, tell: Callable[[Shown], None]
) -> Hung:
    """Make the exhibits, the agencies taking turns, and `index.html`. `tell` hears of each as soon as it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    began = perf_counter()
    shown: dict[Exhibit, Shown] = {}
    # Fresh processes: what a worker's memory is shall not depend on what started it.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        turns = {
            pool.submit(show, exhibit, agencies[number % len(agencies)], folder): exhibit
            for number, exhibit in enumerate(wanted)
        }
        for turn in as_completed(turns):
            shown[turns[turn]] = turn.result()
            tell(shown[turns[turn]])
    hung = Hung(tuple(shown[exhibit] for exhibit in wanted), perf_counter() - began)
    (folder / "index.html").write_text(_PAGES.get_template("index.html.j2").render(shown=hung.shown), encoding="utf-8")
    return hung
