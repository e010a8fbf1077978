"""The report in a real browser: no errors, no markup from names, search, details, print."""

import base64
from dataclasses import replace

import pytest

from plan.cases import CALENDAR, MODEL, TABLES, plan_of
from report.browser import open_browser
from scenarios import write_scenario
from talentopt.plan.files import write_plan
from talentopt.read.reader import read
from talentopt.report.texts import LANGUAGES
from talentopt.report.write import Edition, refresh_reports, write_reports

EVIL = "</script><img src=x onerror=document.title='hacked'>\u2028&amp;"
PEOPLE = [
    {"id": "P1", "name": EVIL, "site": "N", "unit": "Mine"},
    {"id": "P2", "name": "李娜", "site": "N", "unit": "Works"},
    *({"id": f"Q{n:03d}", "site": "N", "unit": "Works"} for n in range(200)),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    mentors = [{"id": "M<1>", "name": EVIL, "technical": 1, "capacity": 1}]
    placements = [{**TABLES["placements"][0], "name": EVIL, "unit": EVIL}, TABLES["placements"][1]]
    tables = TABLES | {"participants": PEOPLE, "mentors": mentors, "placements": placements}
    scenario = read(write_scenario(folder / "s", tables, MODEL, calendar=CALENDAR))
    plan = plan_of(scenario, [("technical", "P1", "M<1>")], [("P1", "A", "2026-01")])
    edited = {**plan.summary, "accepted_edits": ["pairs, cell C2", "people, cell D3"]}
    plan = replace(plan, summary=edited)
    target = folder / "plan"
    write_plan(plan, target, extras=lambda work: write_reports(plan, scenario, work, work))
    return scenario, plan, target


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    chrome = open_browser(tmp_path_factory.mktemp("profile"))
    yield chrome
    chrome.quit()


@pytest.fixture
def page(browser, written):
    browser.get((written[2] / "report.html").as_uri())
    yield browser
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    assert browser.title == "Plan of test"
    assert browser.find_elements("css selector", "img") == []


def search(page, text):
    page.execute_script(
        "const form = document.getElementById('filters');"
        "form.elements.search.value = arguments[0];"
        "form.dispatchEvent(new Event('input'));",
        text,
    )
    return page.find_element("id", "shown").text


def test_names_stay_text(page):
    first = page.find_element("css selector", "#people-rows button")
    assert first.text == " ".join(EVIL.replace("\u2028", " ").split())
    assert "may be signed" in page.find_element("id", "verdict").text


def test_only_the_rows_in_view_are_in_the_page(page):
    assert len(page.find_elements("css selector", "#people-rows .grid-row")) < 60
    table = page.find_element("css selector", "#people-rows [role=table]")
    assert table.get_attribute("aria-rowcount") == str(len(PEOPLE) + 1)


def test_search_filters_people_and_shortages(page):
    assert search(page, "李") == f"1 of {len(PEOPLE)} people shown"
    assert len(page.find_elements("css selector", "#people-rows .grid-row")) == 1
    subjects = page.find_elements("css selector", "#shortage-rows tbody th")
    assert {each.text for each in subjects} == {"李娜 (P2)"}
    assert search(page, "no such thing").startswith("0 of")
    assert page.find_element("css selector", "#people-rows .empty").is_displayed()


def test_search_finds_people_by_mentor_and_only_those_who_lack_something(page):
    assert search(page, "m<1>").startswith("1 of")
    search(page, "")
    page.execute_script(
        "const form = document.getElementById('filters'); form.elements.provider.value = '0';"
        "form.dispatchEvent(new Event('input'));"
    )
    assert page.find_element("id", "shown").text.startswith("1 of")


def test_a_kind_of_shortage_shows_who_lacks_it_until_it_is_chosen_again(page):
    kinds = page.find_elements("css selector", "button[data-kind]")
    technical = next(each for each in kinds if each.text == "technical")
    assert technical.find_element("xpath", "..").text == "technical mentors"
    everybody = page.find_element("id", "shown").text
    page.execute_script("arguments[0].click()", technical)
    assert technical.get_attribute("aria-pressed") == "true"
    # P1 alone has a mentor.
    assert page.find_element("id", "shown").text.startswith(f"{len(PEOPLE) - 1} of")
    cells = page.find_elements("css selector", "#shortage-rows tbody td:nth-of-type(1)")
    assert {each.text for each in cells} == {"technical"}
    page.execute_script("arguments[0].click()", technical)
    assert page.find_element("id", "shown").text == everybody


def test_keyboard_opens_a_person_and_goes_down(page):
    from selenium.webdriver.common.keys import Keys

    first, second = page.find_elements("css selector", "#people-rows button")[:2]
    page.execute_script("arguments[0].focus()", first)
    first.send_keys(Keys.ARROW_DOWN)
    assert page.switch_to.active_element == second
    second.send_keys(Keys.ENTER)
    dialog = page.find_element("css selector", "dialog[open]")
    assert "李娜 (P2)" in dialog.text
    assert "technical: 0 of 1 found" in dialog.text
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not page.find_elements("css selector", "dialog[open]")


def test_verdict_lists_what_a_signature_covers(page):
    marks = [each.text for each in page.find_elements("css selector", ".checks > li > span")]
    assert marks == ["✔", "!", "!", "!"]
    checks = page.find_element("css selector", ".checks").text
    assert "2 entries were accepted" in checks
    assert "how much better" in checks.lower()
    assert "each with its reason" in checks


def test_reserves_name_who_is_next(page):
    rows = page.find_elements("css selector", "#reserve-rows tbody tr")
    assert len(rows) == 3
    assert rows[0].find_element("css selector", "th").text == "M<1>"
    assert rows[0].find_elements("css selector", "td")[1].text == "1"
    assert page.find_element("id", "blocking").is_displayed()
    assert page.find_element("id", "goals").is_displayed()


def printed_rows(page):
    page.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    count = len(page.find_elements("css selector", "#people-rows .grid-row"))
    page.execute_script("window.dispatchEvent(new Event('afterprint'))")
    return count


def test_long_lists_are_printed_in_part_and_say_so_unless_all_is_asked_for(page):
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    assert base64.b64decode(printed["data"]).startswith(b"%PDF")
    assert printed_rows(page) == 120
    note = page.find_element("css selector", "#people-rows .printed")
    assert note.get_attribute("textContent") == f"120 of {len(PEOPLE)} rows shown"
    search(page, "Works")
    assert printed_rows(page) == 120
    page.execute_script("document.getElementById('filters').elements.everything.checked = true")
    assert printed_rows(page) == len(PEOPLE) - 1
    search(page, "")
    assert printed_rows(page) == len(PEOPLE)


def test_chinese(browser, written):
    scenario, plan, target = written
    refresh_reports(plan, scenario, target, Edition("zh"))
    browser.get((target / "report.html").as_uri())
    html = browser.find_element("css selector", "html")
    assert html.get_attribute("lang") == "zh-Hans"
    assert "可以签署" in browser.find_element("id", "verdict").text
    assert "共" in browser.find_element("id", "shown").text
    assert "个人发展计划" in (target / "people" / "P1.html").read_text("utf-8")
    refresh_reports(plan, scenario, target)


def test_languages_have_the_same_texts():
    for texts in LANGUAGES.values():
        assert texts.keys() == LANGUAGES["en"].keys()
