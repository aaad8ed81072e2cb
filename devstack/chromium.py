"""Where the browser for the browser tests is. Standard library only: it runs before any environment exists."""

import os
import shutil
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
PLAYWRIGHT_BROWSERS = ROOT / ".markezy" / "tools" / "playwright"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DOWNLOADED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/Google Chrome for Testing",
)


def find() -> Optional[str]:
    """The browser's path: MARKEZY_CHROMIUM, else one on the PATH, else the one that setup downloaded, else None."""
    chosen = os.environ.get("MARKEZY_CHROMIUM")
    if chosen:
        return chosen
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    if on_path:
        return on_path
    downloaded = (path for pattern in _DOWNLOADED for path in PLAYWRIGHT_BROWSERS.glob(pattern))
    return next(map(str, sorted(downloaded, reverse=True)), None)
