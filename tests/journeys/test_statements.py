"""A false claim in a real browser: listed by two persons, found in a post, shown, withdrawn."""

from __future__ import annotations

import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from evenhand.data.records import Role
from tests.journeys.conftest import staffed
from tests.journeys.server import serving

PEOPLE = {"An": Role.REVIEWER, "Chi": Role.COORDINATOR, "Ana": Role.ANALYST}
CLAIM = "Gargling warm sea water cures dengue fever"
TRUTH = "Gargling sea water does not cure dengue fever; a doctor has to see it."
SOURCE = "https://health.example/dengue"
REPEATED = "My aunt swears that gargling warm sea water cures dengue fever overnight."
# The same words put right, another story, and a question.
OTHERS = (
    "Gargling sea water does not cure dengue fever, please see a doctor.",
    "The sea water was warm today and my fever is gone, what a weekend.",
)


@pytest.fixture
def server(tmp_path):
    staffed(tmp_path, PEOPLE)
    with serving(tmp_path) as running:
        yield running


def bring_in(server, name, *texts):
    """Import a file with these posts; give what the command says."""
    path = server.workspace / f"{name}.csv"
    path.write_text("text\n" + "".join(f'"{text}"\n' for text in texts), "utf-8")
    command = ["import", str(path), "--workspace", str(server.workspace), "--json"]
    ended = subprocess.run(
        [sys.executable, "-m", "evenhand.dashboard", *command],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    return ended.stdout


def fill(page, label, words):
    field = page.get_by_label(label)
    field.fill(words)
    field.press("Tab")


def test_claim_is_listed_by_two_found_in_a_post_shown_and_withdrawn(server, visit):
    """One hand changes nothing; after the withdrawal the same words bring nothing up."""
    assert '"flagged": 0' in bring_in(server, "before", REPEATED, *OTHERS)
    chi = visit("Chi", "policies")
    chi.get_by_text("Propose a statement").click()
    fill(chi, "The claim as people repeat it", CLAIM)
    fill(chi, "What is true instead", TRUTH)
    fill(chi, "Who published it", "Health department")
    fill(chi, "Address of the publication", SOURCE)
    chi.get_by_role("button", name="Propose", exact=True).click()
    expect(chi.get_by_text("Proposed. Ask another coordinator")).to_be_visible()
    chi.get_by_role("tab", name="Waiting for a second person (1)").click()
    expect(chi.get_by_text("You proposed it, so somebody else")).to_be_visible()
    expect(chi.get_by_role("button", name="Approve")).to_have_count(0)
    assert '"flagged": 0' in bring_in(server, "alone", f"{REPEATED} Really")

    ana = visit("Ana", "policies")
    ana.get_by_role("tab", name="Waiting for a second person (1)").click()
    expect(ana.get_by_text(SOURCE)).to_be_visible()
    expect(ana.get_by_role("link", name=SOURCE)).to_have_count(0)
    ana.get_by_role("button", name="Approve").click()
    expect(ana.get_by_text("Approved. New posts are matched")).to_be_visible()
    told = bring_in(server, "after", f"{REPEATED} Share!", *(f"{one} Hi" for one in OTHERS))
    assert '"flagged": 1' in told

    an = visit("An", "review")
    statement = an.locator(".eh .statement")
    expect(an.locator(".eh .text").first).to_contain_text("overnight. Share!")
    for words in ("Statement 1 of the list", CLAIM, TRUTH, f"Health department, {SOURCE}"):
        expect(statement).to_contain_text(words)
    assert 0 == statement.locator("a").count()
    an.locator(".eh .why summary").click()
    expect(an.locator(".eh .why")).to_contain_text("repeats statement 1 of the list")
    expect(an.locator(".eh .why")).to_contain_text(TRUTH)
    assert [] == violations(an)

    chi.reload()
    chi.get_by_role("button", name="Withdraw").click()
    expect(chi.get_by_text("Withdrawn. New posts")).to_be_visible()
    assert '"flagged": 0' in bring_in(server, "later", f"{REPEATED} Again")
    an.reload()
    expect(statement).to_contain_text("Statement 1, no longer on the list")


def violations(page):
    """Name what axe finds serious or worse."""
    found = Axe().run(page)
    return [
        one["id"]
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
