"""The demo: a throw-away workspace with an invented city's posts and a simulated team.

This module makes the workspace; `demo_history` fills it, in the worker, and `demo_report` counts.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access, library, macros, sourcing, statements, stream, tryout
from evenhand.dashboard.jobs.demo_team import TEAM, Member
from evenhand.dashboard.jobs.statement_checks import LONGEST_DAYS, TOPICS
from evenhand.data.errors import SettingsError
from evenhand.data.records import Outcome, ResponseKind, Role, SourceSpec
from evenhand.data.settings import FILE_NAME, load_settings
from evenhand.data.store import budgets, tasks
from evenhand.data.store.statements import Worded
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from pathlib import Path

    from evenhand.dashboard.jobs.stream import Planted
    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.tasks import Task

DAYS = 21
POSTS, SEED = 10_000, 1
# Unflagged posts to be read in a week, of 10,000 in three, and those of them for audits: more than
# usual, so that three weeks are enough for an interval.
WEEKLY, AUDITS = 800, 600
# Nothing but the seed decides the counts of a demo that nobody looks at in the browser, so its
# stream ends at a fixed moment: noon of a Tuesday in the invented city.
FIXED_END = datetime(2026, 11, 24, 5, tzinfo=UTC)
TEAM_NAME = "Lam Bay helpdesk"
# Who publishes the facts of the invented city.
AUTHORITIES = {
    Policy.HEALTH_MISINFORMATION.value: "Lam Bay health department (invented)",
    Policy.DISASTER_MISINFORMATION.value: "Lam Bay emergency centre (invented)",
}
# What its coordinators let one key decide and begin.
MACROS = (
    macros.NewMacro(
        "G",
        "Scam: notice",
        Outcome.VIOLATES,
        (Policy.SCAM_FRAUD.value,),
        ResponseKind.NOTICE,
        "scam_notice",
    ),
    macros.NewMacro(
        "H",
        "Help call: pass on",
        Outcome.NEEDS_ANSWER,
        (),
        ResponseKind.PASSED_TO_SERVICE,
        "pass_on_help_call",
    ),
)

SETTINGS = """# The workspace of a demo: invented posts, simulated people. Nothing in it is real.
demo = true
organisation = "Lam Bay helpdesk (demo)"
accounts = ["@LamBayHelpdesk", "@TongDaiVinhLam"]

# More is read once more than usual, so that a few hundred items are enough for figures.
[quality]
double_share = 0.2
gold_share = 0.18

[waves]
recheck_share = 0.25

[[help_line]]
name = "Lam Bay crisis line · đường dây khủng hoảng (invented)"
contact = "0000 111 222, 24/7"
labels = ["self_harm_risk"]

[[help_line]]
name = "Lam Bay rescue · cứu hộ (invented)"
contact = "0000 333 444, 24/7"
labels = ["help_needed", "violence_threat"]
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many posts, from which seed, ending when."""

    posts: int
    seed: int
    until: datetime

    def as_args(self) -> dict[str, object]:
        """Write the plan as a task's arguments."""
        return {"posts": self.posts, "seed": self.seed, "until": self.until.isoformat()}

    @classmethod
    def from_task(cls, task: Task) -> Plan:
        """Read the plan back."""
        args = task.args
        until = datetime.fromisoformat(str(args["until"]))
        return cls(int(str(args["posts"])), int(str(args["seed"])), until)

    def stream(self) -> list[Planted]:
        """Make the posts, oldest first."""
        return stream.planted_stream(self.posts, days=DAYS, seed=self.seed, until=self.until)


@dataclass(frozen=True, slots=True)
class Account:
    """One simulated person with the one-time password that is shown once and stored nowhere."""

    name: str
    role: Role
    password: str


def make_folder(folder: Path) -> Settings:
    """Write the settings of a demo into *folder* and read them.

    Raises:
        SettingsError: There is a workspace already, or the environment sets what would lead the
            demo into another store.
    """
    path = folder / FILE_NAME
    if path.exists():
        msg = (
            f"{path} exists already; name a new folder, or go on with a demo that was kept by "
            f"`evenhand serve --with-worker --workspace {folder}`"
        )
        raise SettingsError(msg)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(SETTINGS, "utf-8")
    settings = load_settings(folder)
    if not settings.demo or settings.store_url:
        path.unlink()
        msg = (
            "the environment sets EVENHAND_DEMO or EVENHAND_STORE_URL, and invented posts must not "
            "get into a real store; unset both and start the demo again"
        )
        raise SettingsError(msg)
    return settings


def settle(store: Store, plan: Plan, now: datetime) -> list[Account]:
    """Put the simulated people, the invented communities and the task of the preparation in.

    All of it is dated before the first post, but for the task.
    """
    before = plan.until - timedelta(days=DAYS, hours=2)
    accounts = []
    for member in TEAM:
        account = Account(member.name, member.role, secrets.token_urlsafe(9))
        access.add_person(
            store,
            access.operator(),
            account.name,
            account.password,
            roles=[account.role],
            team=TEAM_NAME,
            now=before,
            simulated=True,
        )
        accounts.append(account)
    library.put_builtin(store, before)
    _open_sources(store, before)
    _list_statements(store, before)
    _add_macros(store, before)
    _set_budget(store, plan.posts, before)
    with store.write() as conn:
        tasks.ask(conn, tryout.PREPARATION, plan.as_args(), person_id=None, now=now)
    return accounts


def people(store: Store) -> list[tuple[Member, Actor]]:
    """Find the simulated people in the store, in the order of the team."""
    found = {
        person.name: person.actor()
        for person in access.list_people(store, access.operator())
        if person.simulated
    }
    return [(member, found[member.name]) for member in TEAM if member.name in found]


def false_claims(expires_at: datetime) -> list[Worded]:
    """Word the false claims that go round in the invented city, as a real team lists its own."""
    return [
        Worded(
            policy=one.policy,
            topic=TOPICS[one.policy],
            lang=lang,
            wordings=(claim,),
            what_is_true=truth,
            source_name=AUTHORITIES[one.policy],
            source_url=f"https://{one.policy.partition('_')[0]}.lambay.example/facts/{number}",
            expires_at=expires_at,
        )
        for number, one in enumerate(stream.planted_statements(), start=1)
        for lang, claim, truth in (("en", one.claim_en, one.en), ("vi", one.claim_vi, one.vi))
    ]


def _list_statements(store: Store, now: datetime) -> None:
    """Put the claims on the list, by two of the simulated people."""
    by_role = {member.role: actor for member, actor in people(store)}
    for worded in false_claims(now + timedelta(days=LONGEST_DAYS)):
        made = statements.propose(store, by_role[Role.ANALYST], worded, now)
        statements.approve(store, by_role[Role.COORDINATOR], made.id, now)


def _add_macros(store: Store, now: datetime) -> None:
    """Give the team its macros, by a simulated coordinator."""
    coordinator = next(actor for member, actor in people(store) if member.role is Role.COORDINATOR)
    for new in MACROS:
        macros.add(store, coordinator, new, now)


def _set_budget(store: Store, posts: int, now: datetime) -> None:
    """Let two of the simulated people set the week's budget, as large as the stream asks for."""
    by_role = {member.role: actor for member, actor in people(store)}
    weekly, audits = (min(budgets.MOST, round(n * posts / POSTS)) for n in (WEEKLY, AUDITS))
    with store.write() as conn:
        made = budgets.propose(conn, by_role[Role.COORDINATOR].id, weekly, audits, now)
        budgets.approve(conn, by_role[Role.ANALYST].id, made, now)


def _open_sources(store: Store, now: datetime) -> None:
    """Open one source per invented community, by two of the simulated people."""
    by_role = {member.role: actor for member, actor in people(store)}
    for name in stream.COMMUNITIES:
        spec = SourceSpec(name, sourcing.DEMO)
        sourcing.propose(store, by_role[Role.COORDINATOR], spec, now)
        sourcing.approve(store, by_role[Role.ADMIN], name, now)
