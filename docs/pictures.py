"""Make the pictures of the README from real output: python docs/pictures.py [SCENARIO].

Solves the scenario, writes its reports and photographs them with headless
Chromium (Debian packages chromium and chromium-driver; Python package selenium).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from selenium import webdriver

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
SIZE = (1280, 800)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def main(scenario: Path) -> None:
    """Solve, report, photograph."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        solve = ["talentopt", "solve", str(scenario), "-o", str(work / "plan"), "--report"]
        subprocess.run(solve, check=True)
        browser = _browser(work / "profile")
        try:
            for picture, page, part, dark in _pictures(work / "plan"):
                _photograph(browser, page, part, dark=dark)
                browser.save_screenshot(str(IMAGES / f"{picture}.png"))
        finally:
            browser.quit()


def _pictures(plan: Path) -> Iterator[tuple[str, Path, str, bool]]:
    """Name each picture with its page, the part that it shows, and whether it is dark."""
    report = plan / "report.html"
    yield "report", report, "", False
    yield "people", report, "people", False
    yield "people-dark", report, "people", True
    yield "seats", report, "seats", False
    yield "development-plan", min((plan / "people").iterdir()), "", False


def _browser(profile: Path) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size={},{}".format(*SIZE)):
        options.add_argument(flag)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    return webdriver.Chrome(options=options, service=service)


def _photograph(browser: webdriver.Chrome, page: Path, part: str, *, dark: bool) -> None:
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    browser.get(page.as_uri())
    if part:
        browser.execute_script("document.getElementById(arguments[0]).scrollIntoView()", part)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "scenarios" / "northern")
