"""How fast a report opens and filters in headless Chromium, and how large it is.

``python -m benchmarks.report_speed PLAN`` prints, for ``PLAN/report.html``: the size of the file;
the time from the start of loading until rows are drawn (median of a few loads); the time from a
change of the search field until the page is drawn anew (median and slowest over some searches);
how long printing takes, and to how many pages. Needs Chromium, its driver and selenium
(``apt-get install chromium chromium-driver``, ``pip install -e .[test]``).
"""

from __future__ import annotations

import argparse
import base64
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
LOADS = 5
PATIENCE = 600
"""Most seconds for printing."""

SEARCHES = ("m", "ma", "mag", "P01", "zz", "li", "")

DRAWN = """
const done = arguments[arguments.length - 1];
requestAnimationFrame(() => setTimeout(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const [load] = performance.getEntriesByType("navigation");
  done([paint ? paint.startTime : 0, load.domContentLoadedEventEnd]);
}));
"""
"""Milliseconds from the start of loading to the first paint, and until the script has run."""

SEARCH = """
const [word, done] = [arguments[0], arguments[arguments.length - 1]];
const form = document.getElementById("filters");
const start = performance.now();
form.elements.search.value = word;
form.dispatchEvent(new Event("input"));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
"""
"""Milliseconds from a change of the search field until the page is drawn."""


def main(arguments: list[str] | None = None) -> int:
    """Measure one report and print a line per figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan", type=Path, help="a plan folder with report.html")
    report = parser.parse_args(arguments).plan / "report.html"
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        print("chromium or chromedriver is not installed", file=sys.stderr)
        return 2
    print(f"size: {report.stat().st_size / 1e6:.2f} MB")
    with tempfile.TemporaryDirectory() as profile:
        browser = _open(chromium, driver, profile)
        try:
            _measure(browser, report.resolve().as_uri())
        finally:
            browser.quit()
    return 0


def _open(chromium: str, driver: str, profile: str) -> Chrome:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1400,1000"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


def _measure(browser: Chrome, address: str) -> None:
    browser.set_script_timeout(60)
    paints, ready = [], []
    for _ in range(LOADS):
        browser.get(address)
        paint, drawn = browser.execute_async_script(DRAWN)
        paints.append(paint)
        ready.append(max(paint, drawn))
    print(f"first paint: {statistics.median(paints):.0f} ms")
    print(f"first view with rows: {statistics.median(ready):.0f} ms")
    times = [browser.execute_async_script(SEARCH, word) for word in SEARCHES for _ in range(3)]
    print(f"search: {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms")
    browser.command_executor.client_config.timeout = PATIENCE
    start = time.monotonic()
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = len(re.findall(rb"/Type\s*/Page[^s]", base64.b64decode(printed["data"])))
    print(f"printed: {pages} pages in {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
