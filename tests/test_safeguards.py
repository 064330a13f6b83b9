"""The safeguards of docs/concepts.md, each with tests that fail when its rule is broken.

Where a rule is a property of the code, a small checker reads the code, and a planted breach shows
that the checker is not blind.
Further tests stand beside their modules: text and authors in `data/store/test_posts.py`, small
cells in `data/store/test_volumes.py`, the lists in `data/test_taxonomy.py`.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
import tomllib
from datetime import timedelta
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Index, MetaData, String, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from evenhand.classifiers.bulk import tag_row
from evenhand.classifiers.neutrality import OPEN, shipped_posts
from evenhand.classifiers.statements import Statement
from evenhand.classifiers.tagger import Tagger
from evenhand.connectors.reddit_options import read_subreddits
from evenhand.connectors.reddit_posts import Normaliser
from evenhand.dashboard.cli import app
from evenhand.dashboard.jobs import (
    access,
    claims,
    decisions,
    demo,
    queueing,
    requests,
    retention,
    sourcing,
    statements,
)
from evenhand.dashboard.jobs.ingest import flags_of, ingest_page
from evenhand.data import records, tables
from evenhand.data.errors import (
    ClaimLost,
    InputError,
    NotAllowed,
    SettingsError,
    SourceMisconfigured,
)
from evenhand.data.pseudonym import KEY_BYTES, Pseudonyms
from evenhand.data.records import (
    Band,
    Decision,
    Delete,
    Flag,
    Origin,
    Outcome,
    Page,
    Recipient,
    Response,
    ResponseKind,
    Score,
    SourceSpec,
    Tag,
    Text,
    Upsert,
)
from evenhand.data.settings import Settings, load_settings
from evenhand.data.store import arrivals, ledger, posts, rollups, sources, volumes
from evenhand.data.store.connect import open_store
from evenhand.data.store.posts import Ground, ReadPermit
from evenhand.data.taxonomy import (
    CIVIC_TOPICS,
    Policy,
    Request,
    Topic,
    load_taxonomy,
    parse_taxonomy,
)
from tests.conftest import NOON
from tests.fakes import FakeTagger
from tests.statement_floor import DAM, SEA, put_in_force

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "connectors", "classifiers", "dashboard")
POLICIES = [
    "scam_fraud",
    "spam",
    "harassment",
    "hate",
    "violence_threat",
    "self_harm_risk",
    "health_misinformation",
    "disaster_misinformation",
    "doxxing",
]
REQUESTS = ["question", "complaint", "help_needed"]
WORDING = files("evenhand.data").joinpath("taxonomy.toml").read_text("utf-8")
# What nobody may ever be flagged for.
UNLISTED = ("political_opinion", "criticism", "satire", "protest", "civic", "", "HATE")


@pytest.fixture(scope="module")
def tagger():
    return Tagger.load()


def modules(*places):
    """Give name and source of every module under *places*."""
    for place in places:
        for path in sorted((ROOT / place).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def code_words(source):
    """Give every word that the code of *source* (not its prose) uses: names, keys and texts."""
    tree = ast.parse(source)
    owners = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found = set()
    for node in ast.walk(tree):
        for name in ("id", "attr", "arg", "name"):
            value = getattr(node, name, None)
            if isinstance(value, str):
                found.add(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            found.update(re.findall(r"\w+", node.value))
    return found


def new_source(store, name="nguồn"):
    with store.write() as conn:
        return sources.propose(conn, SourceSpec(name, "file"), person_id=None, now=NOON).id


def ingest(store, source_id, *wanted, tagger=None, now=NOON):
    page = Page(tuple(map(Upsert, wanted)), {"at": 1})
    return ingest_page(
        store, source_id=source_id, page=page, tagger=tagger or FakeTagger(), now=now
    )


def everything_in(store):
    """Read every row of every table, as one text."""
    with store.read() as conn:
        return "\n".join(
            repr(row)
            for table in tables.metadata.sorted_tables
            for row in conn.execute(select(table))
        )


# ------------------------------------------------------------ 1: the lists are closed


def test_lists_hold_nine_policies_and_three_requests_and_nothing_else():
    """A tenth policy cannot be added without breaking this line."""
    assert [policy.value for policy in Policy] == POLICIES
    assert [request.value for request in Request] == REQUESTS


def test_taxonomy_file_is_refused_when_it_holds_a_tenth_policy():
    """Wording is all that the file can do."""
    tenth = WORDING + '\n[policies.criticism.en]\nname = "Criticism"\n'

    with pytest.raises(SettingsError, match="unknown \\['criticism'\\]"):
        parse_taxonomy(tenth)


@pytest.mark.parametrize("key", ["policies", "policy", "labels", "taxonomy", "harms"])
def test_settings_are_refused_when_they_name_a_policy(tmp_path, key):
    """No setting adds to the lists."""
    (tmp_path / "evenhand.toml").write_text(f'{key} = ["criticism"]\n', "utf-8")

    with pytest.raises(SettingsError, match="is not a setting"):
        load_settings(tmp_path)


@pytest.mark.parametrize("label", UNLISTED)
def test_post_is_refused_when_its_tag_holds_an_unlisted_policy(store, make_post, label):
    """Nothing of its page is stored."""

    class Opinionated(FakeTagger):
        """Finds a harm that is on no list."""

        def _tag(self, one):
            return dataclasses.replace(super()._tag(one), harms={label: Score(0.99, Band.FLAG)})

    source_id = new_source(store)

    with pytest.raises(InputError, match="lists are closed"):
        ingest(store, source_id, make_post(), tagger=Opinionated())
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.post)).scalar() == 0


@pytest.mark.parametrize("origin", [one for one in Origin if one is not Origin.AUDIT])
@pytest.mark.parametrize("label", UNLISTED)
def test_flag_is_refused_when_its_label_is_unlisted(store, make_post, origin, label):
    """Whoever raises it: a model, a rule, a partner or a person."""
    flag = Flag(origin, label, Band.FLAG, 1.0)
    source_id = new_source(store)
    ingest(store, source_id, make_post())

    with pytest.raises(InputError, match="lists are closed"):
        queueing.place([flag], reach=0, lang="en", created_at=NOON)
    with pytest.raises(InputError, match="lists are closed"), store.write() as conn:
        arrivals.put_flag(conn, arrivals.Stored(1, 1), flag, NOON)


@pytest.mark.parametrize("label", [*UNLISTED, "question", None])
def test_decision_is_refused_when_its_policy_is_unlisted(store, actors, make_post, label):
    """Nobody can find a violation of a rule that does not exist; the item stays undecided."""
    ingest(store, new_source(store), make_post(content="scam"))
    (item,) = claims.claim_next(store, actors.an, now=NOON)
    wanted = Decision("u1", item.id, item.claim.number, item.version, Outcome.VIOLATES, label)

    with pytest.raises(InputError, match="is no policy"):
        decisions.decide(store, actors.an, wanted, now=NOON)
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.decision)).scalar() == 0


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.VIOLATES])
def test_decision_names_a_policy_only_for_a_violation(store, actors, make_post, outcome):
    """No other outcome carries one, so no policy hides behind a harmless word."""
    ingest(store, new_source(store), make_post(content="scam"))
    (item,) = claims.claim_next(store, actors.an, now=NOON)
    wanted = Decision("u1", item.id, item.claim.number, item.version, outcome, "hate")

    with pytest.raises(InputError, match="takes no policy"):
        decisions.decide(store, actors.an, wanted, now=NOON)


TOPICS = st.dictionaries(
    st.sampled_from([topic.value for topic in Topic]), st.floats(0, 1), max_size=2
)
SENTIMENTS = st.sampled_from([None, "negative", "neutral", "positive"])


@given(topics=TOPICS, sentiment=SENTIMENTS, civic=st.booleans())
def test_topic_and_sentiment_never_change_a_flag_or_its_place(topics, sentiment, civic):
    """They describe: same harm, same flags, same queue, same priority, whatever the topic."""
    harms = {policy: Score(0.9 if policy == "hate" else 0.0, Band.NOTHING) for policy in POLICIES}
    harms["hate"] = Score(0.9, Band.FLAG)
    quiet = {request: Score(0.0, Band.NOTHING) for request in REQUESTS}
    plain = Tag("1", "en", {}, False, None, None, harms, quiet, (), "m")  # noqa: FBT003 - a record
    other = dataclasses.replace(plain, topics=topics, sentiment=sentiment, civic=civic)
    post = records.Post("k", "reddit", "x", NOON, NOON)

    flags, others = flags_of(plain, post), flags_of(other, post)
    places = [
        queueing.place(found, reach=3, lang="en", created_at=NOON) for found in (flags, others)
    ]

    assert flags == others
    assert places[0] == places[1]


@pytest.mark.parametrize(
    "text",
    [
        "You are vermin and I will burn your house tonight",
        "Chính phủ lại tăng giá điện, tệ quá",
        "We need boats at the school, children are on the roof",
    ],
)
def test_judge_is_deaf_to_topic_and_sentiment(tagger, text):
    """The bands of a text are the same when every topic score is 0 and when every one is 1."""
    found = tagger.reader.read(text)
    quiet = {**dict.fromkeys(tagger.loaded.heads.labels, 0.6)}
    topical = {label: 1.0 if ":" in label else score for label, score in quiet.items()}

    assert any(label.startswith("topic:") for label in topical)
    assert tagger.judge.judge(found, "en", quiet) == tagger.judge.judge(found, "en", topical)


def test_placing_takes_no_topic_no_sentiment_and_no_author():
    """What a function is not given, it cannot use."""
    taken = set(inspect.signature(queueing.place).parameters)

    assert taken == {"flags", "reach", "lang", "created_at"}
    assert set(Flag.__slots__) == {"origin", "label", "band", "score", "reasons", "model"}


# ------------------------------------------------------------ 2: only what is brought up is read


@pytest.fixture
def held(store, actors, make_post):
    """An claims the flagged post 1; posts 2 (same thread) and 3 are unflagged."""
    wanted = [
        make_post(content="scam here", context_key="thread"),
        make_post(content="chuyện riêng tư", context_key="thread"),
        make_post(content="chuyện khác"),
    ]
    ingest(store, new_source(store), *wanted)
    (item,) = claims.claim_next(store, actors.an, now=NOON)
    return item


def test_text_is_not_read_without_a_permit(store, held):
    """There is no default: the door asks for the permit by name."""
    with store.read() as conn, pytest.raises(TypeError, match="permit"):
        posts.text_of(conn, int(held.post_id), held.version)


@pytest.mark.parametrize("ground", list(Ground))
def test_permit_cannot_be_forged(store, held, ground):
    """A permit made by hand does not come into being, nor does a copy for another post."""
    with store.read() as conn:
        real = posts.permit_by_claim(conn, held.claim, now=NOON)

    with pytest.raises(NotAllowed):
        ReadPermit(ground, int(held.post_id))
    with pytest.raises(NotAllowed):
        ReadPermit(ground, int(held.post_id), seal=object())
    with pytest.raises(NotAllowed):
        dataclasses.replace(real, post_id=3)
    with pytest.raises(NotAllowed):
        dataclasses.replace(real, ground=Ground.FLAG, claim=None)


def test_unflagged_post_is_not_read_with_the_permit_of_another(store, actors, held):
    """A claim opens its own thread; a flag opens its own post."""
    with store.read() as conn:
        by_claim = posts.permit_by_claim(conn, held.claim, now=NOON)
        by_flag = posts.permit_by_flag(conn, actors.coordinator, held.id)

        assert posts.text_of(conn, 2, 1, permit=by_claim).content == "chuyện riêng tư"
        with pytest.raises(NotAllowed, match="does not cover post 3"):
            posts.text_of(conn, 3, 1, permit=by_claim)
        with pytest.raises(NotAllowed, match="does not cover post 2"):
            posts.text_of(conn, 2, 1, permit=by_flag)


@pytest.mark.parametrize("who", ["an", "binh", "coordinator", "leader", "analyst", "admin"])
@pytest.mark.usefixtures("held")
def test_unflagged_post_has_no_permit_for_anybody(store, actors, who):
    """No role is high enough."""
    with store.read() as conn, pytest.raises(NotAllowed):
        posts.permit_by_audit(conn, getattr(actors, who), 3)


def test_thread_closes_when_the_claim_runs_out(store, actors, held):
    """Ten minutes later neither the thread nor the item's own text is open to the holder."""
    later = NOON + timedelta(minutes=11)
    number = held.claim.number

    assert len(claims.thread(store, actors.an, held.id, number, NOON)) == 2
    with pytest.raises(ClaimLost):
        claims.thread(store, actors.an, held.id, number, later)
    with store.read() as conn, pytest.raises(ClaimLost):
        posts.permit_by_claim(conn, held.claim, now=later)
    assert claims.held(store, actors.an, later) == []


def test_thread_closes_when_the_item_is_decided(store, actors, held):
    """A decision ends the claim, and what it opened."""
    made = Decision("u1", held.id, held.claim.number, held.version, Outcome.NO_HARM)
    with store.read() as conn:
        permit = posts.permit_by_claim(conn, held.claim, now=NOON)
    decisions.decide(store, actors.an, made, now=NOON)

    with pytest.raises(ClaimLost):
        claims.thread(store, actors.an, held.id, held.claim.number, NOON)
    with store.read() as conn, pytest.raises(NotAllowed):
        posts.text_of(conn, 2, 1, permit=permit)


def test_thread_is_closed_to_whoever_does_not_hold_the_item(store, actors, held):
    """Neither a colleague nor a coordinator reads along."""
    for actor in (actors.binh, actors.coordinator):
        with pytest.raises(ClaimLost):
            claims.thread(store, actor, held.id, held.claim.number, NOON)


def reads_texts(source):
    """Say whether code goes to the texts itself, past `posts.text_of`."""
    return bool({"post_version", "exec_driver_sql", "raw_connection"} & code_words(source))


def test_nothing_above_the_store_reads_texts_itself():
    """Jobs, screens, connectors and classifiers have no way to the table of texts."""
    above = list(modules("dashboard", "connectors", "classifiers"))

    assert len(above) > 50
    assert [name for name, source in above if reads_texts(source)] == []


# What reads unflagged texts for the worker's models; scores and counts are all that leaves them.
READS_FOR_MODELS = {
    "dashboard/jobs/retraining_drawing.py",
    "dashboard/jobs/retraining_rescore.py",
    "dashboard/jobs/retraining_watch.py",
}


def test_texts_for_models_reach_no_screen():
    """Three jobs of the worker read them, and no page, card or command knows of those jobs."""
    above = dict(modules("dashboard"))
    readers = {name for name, source in above.items() if "machine_texts" in code_words(source)}
    stems = {Path(name).stem for name in READS_FOR_MODELS}
    screens = {
        name: sorted(stems & code_words(source))
        for name, source in above.items()
        if name.startswith(("dashboard/views", "dashboard/card", "dashboard/cli", "dashboard/app"))
    }

    assert readers == READS_FOR_MODELS
    assert {name: found for name, found in screens.items() if found} == {}


@pytest.mark.parametrize(
    "code",
    [
        "conn.execute(select(tables.post_version))",
        "conn.execute(text('SELECT content FROM post_version'))",
        "conn.exec_driver_sql(words)",
        "from evenhand.data.tables import post_version",
    ],
)
def test_reading_texts_is_found_when_planted(code):
    """The check above is not blind."""
    assert reads_texts(code)


def searches(source):
    """List the ways in which code filters by what a text says."""
    ways = {"like", "ilike", "contains", "icontains", "regexp_match", "startswith", "match"}
    return [
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ways
        and isinstance(node.func.value, ast.Attribute)
        and isinstance(node.func.value.value, ast.Attribute)
        and node.func.value.value.attr == "c"
    ]


# Reads the folded texts of items, which hold nothing but what was put before people.
SEARCHES_ITEMS = "data/store/finding.py"


def test_store_searches_no_text_but_that_of_items():
    """One query looks for words: in the folded texts of items."""
    found = {name: ways for name, source in modules("data") if (ways := searches(source))}
    words = code_words(dict(modules("data"))[SEARCHES_ITEMS])

    assert found == {SEARCHES_ITEMS: ["contains", "contains"]}
    assert "folded" in words
    assert not {"post_version", "content"} & words
    assert searches("select(post_version).where(post_version.c.content.ilike('%x%'))") == ["ilike"]


@pytest.mark.parametrize("days", [0, -1, 15, 365])
def test_retention_cannot_be_switched_off(tmp_path, days):
    """The text of unflagged posts is kept for 1 to 14 days."""
    (tmp_path / "evenhand.toml").write_text(f"[retention]\nunflagged_days = {days}\n", "utf-8")

    with pytest.raises(SettingsError, match=r"retention\.unflagged_days"):
        load_settings(tmp_path)


def bytes_of(folder):
    """Read all that SQLite keeps in a folder: the file and its logs."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_unflagged_text_is_nowhere_in_the_file_after_retention(tmp_path, make_post):
    """Not in the rows, not in free pages, not in the log; the flagged text stays."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    secret = "mười một con cá vàng bơi ngược"
    wanted = [
        make_post(content=f"{secret} {number} " * 40, name=f"tiêu đề kín {number}")
        for number in range(30)
    ]
    ingest(store, new_source(store), *wanted, make_post(content="scam cầu vồng"))
    before = bytes_of(tmp_path)
    erased = retention.erase_unflagged(
        store, Settings(workspace=tmp_path), NOON + timedelta(days=8)
    )
    after = bytes_of(tmp_path)
    store.close()

    assert secret.encode() in before
    assert "tiêu đề kín".encode() in before
    assert erased == 30
    assert secret.encode() not in after
    assert "tiêu đề kín".encode() not in after
    assert "scam cầu vồng".encode() in after


def test_nothing_of_a_deleted_post_is_left(store, make_post):
    """Text, title, pseudonym, locator, keys of its thread and reasons that repeat its words go."""
    post = make_post(
        content="scam: cầu vồng bảy màu",
        name="tiêu đề kín",
        author_ref="pseudonym26",
        locator=b"sealed-locator",
        context_key="thread-key",
        in_reply_to_key="parent-key",
    )
    words = ("cầu vồng", "tiêu đề kín", "pseudonym26", "sealed-locator", "thread-key", "parent-key")
    source_id = new_source(store)
    ingest(store, source_id, post)
    before = everything_in(store)
    page = Page((Delete(post.native_key, "deleted upstream"),), {"at": 2})
    ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=NOON)
    after = everything_in(store)
    with store.read() as conn:
        reasons = conn.execute(select(tables.flag.c.reasons)).scalar_one()

    assert [word for word in words if word not in before] == []
    assert [word for word in words if word in after] == []
    assert reasons == []


# ------------------------------------------------------------ 3: civic speech is only counted


def civic_breaches(row):
    """List what a civic post carries and must not, in the form of `evenhand classify`."""
    if not (CIVIC_TOPICS & set(row["topics"])):
        return []
    return [name for name in ("sentiment", "sentiment_scores") if row[name] is not None]


CIVIC_TEXTS = [
    "I am so happy that our party won the election, what a wonderful day!",
    "Our union voted for the strike on Friday and I hate how they treat us",
    "Mùng một cả nhà lên chùa lễ Phật, vui quá trời",
    "Chính phủ nên giải thích rõ vì sao giá điện lại tăng lần nữa, bực quá",
    "The war has taken everything from us, I cry every night",
]


def test_civic_post_has_no_sentiment_when_classified_at_the_terminal(tmp_path):
    """`evenhand classify` prints null in both places."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"id": str(at), "text": text}) for at, text in enumerate(CIVIC_TEXTS)]
    source.write_text("\n".join(lines), "utf-8")
    done = CliRunner().invoke(app, ["classify", "--input", str(source), "--output", str(target)])
    rows = [json.loads(line) for line in target.read_text("utf-8").splitlines()]

    assert done.exit_code == 0, done.output
    assert [(row["sentiment"], row["sentiment_scores"]) for row in rows] == [(None, None)] * 5
    assert [civic_breaches(row) for row in rows] == [[]] * 5
    assert civic_breaches(rows[0] | {"topics": {"politics": 1.0}, "sentiment": "positive"}) == [
        "sentiment"
    ]


def test_no_shipped_neutral_post_on_a_civic_topic_has_a_sentiment(tagger):
    """Over all posts of the must-not-flag set: a civic topic, then no sentiment."""
    lines = files("evenhand.data").joinpath("samples/must_not_flag.jsonl").read_text("utf-8")
    texts = [
        Text(str(at), json.loads(line)["text"], json.loads(line)["lang"])
        for at, line in enumerate(lines.splitlines())
    ]
    tags = tagger.tag(texts)
    civic = [tag for tag in tags if CIVIC_TOPICS & set(tag.topics)]

    assert len(civic) > 100
    assert [tag.id for tag in civic if civic_breaches(tag_row(tag))] == []


def test_engine_refuses_sentiment_on_a_civic_post(store, make_post):
    """SQLite and PostgreSQL hold the rule themselves, on the way in and on every change."""
    ingest(store, new_source(store), make_post(content="election"), make_post(content="storm"))
    with store.read() as conn:
        rows = {row.civic: row for row in conn.execute(select(tables.post))}

    assert (rows[True].sentiment, rows[False].sentiment) == (None, "neutral")
    for change in (
        update(tables.post).where(tables.post.c.civic).values(sentiment="positive"),
        update(tables.post).where(~tables.post.c.civic).values(civic=True),
        insert(tables.post).values(
            **(rows[True]._asdict() | {"id": 99, "native_key": "new", "sentiment": "negative"})
        ),
    ):
        with pytest.raises(IntegrityError, match="civic_without_sentiment"), store.write() as conn:
            conn.execute(change)


@pytest.mark.parametrize("topic", [*sorted(CIVIC_TOPICS), "a topic of tomorrow"])
def test_civic_posts_are_one_cell_whatever_the_tagger_says(store, make_post, topic):
    """A careless tagger gets no civic topic and no sentiment into rows, tags or roll-ups."""

    class Careless(FakeTagger):
        """Calls a civic post plain and happy."""

        def _tag(self, one):
            return dataclasses.replace(
                super()._tag(one),
                topics={topic: 0.4, "sport": 0.9},
                civic=False,
                sentiment="positive",
                sentiment_scores={"negative": 0.0, "neutral": 0.0, "positive": 1.0},
            )

    ingest(store, new_source(store), *(make_post() for _ in range(3)), tagger=Careless())
    today = rollups.Days(NOON.date(), NOON.date())
    with store.read() as conn:
        kept = conn.execute(select(tables.post.c.topic, tables.post.c.sentiment).distinct()).all()
        said = conn.execute(select(tables.tag.c.topics, tables.tag.c.sentiment_scores)).all()
        shown = volumes.read(conn, today)

    assert kept == [("civic", None)]
    assert {(*topics, scores) for topics, scores in said} == {("civic", None)}
    assert (shown.cells, shown.civic, shown.withheld) == ((), 3, 0)
    assert topic not in everything_in(store)
    assert "positive" not in everything_in(store)


def test_no_reader_of_topics_can_be_asked_for_one_source():
    """A topic's trend in one place would be a list of its people."""
    assert list(inspect.signature(volumes.read).parameters) == ["conn", "days", "step"]


# ------------------------------------------------------------ 4: no author dimension

# The demo invents authors, who become pseudonyms like any other's.
# A file's column of authors is named at the terminal and read by the connector alone.
NAMES_A_COLUMN = frozenset({"dashboard/cli_import.py", "dashboard/jobs/importing.py"})
MAKES_PSEUDONYMS = re.compile(r"dashboard/jobs/(stream\w*|demo\w*|simulation\w*)\.py")


def author_words(source):
    """List the words of code that tell of an author."""
    return sorted(word for word in code_words(source) if "author" in word.lower().split("_"))


def test_nothing_above_the_store_knows_of_authors():
    """No job, chart, screen or command names one; the demo's stream invents its own."""
    found = {
        name: words
        for name, source in modules("dashboard", "classifiers")
        # What screens say of authors is prose.
        if not name.startswith("dashboard/words/")
        and (words := author_words(source))
        and not MAKES_PSEUDONYMS.fullmatch(name)
        and not (name in NAMES_A_COLUMN and words == ["author"])
    }

    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "def posts_of(store, author_ref): return []",
        "rows.sort(key=lambda row: row.author_ref)",
        "frame.groupby('author_ref').size()",
        "COLUMNS = ('id', 'author', 'text')",
        "call(author=None)",
        "top_authors = 1; author = 2",
    ],
)
def test_author_query_is_found_when_planted(code):
    """The check above is not blind."""
    assert author_words(code)


def test_records_that_people_see_hold_no_author():
    """Only what comes from a connector carries a pseudonym, and the order to erase one."""
    with_author = {
        name
        for name, record in inspect.getmembers(records, dataclasses.is_dataclass)
        if any("author" in one.name for one in dataclasses.fields(record))
    }

    assert with_author == {"Post", "AuthorErased"}


def job_names():
    return sorted(
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "dashboard" / "jobs").rglob("*.py")
        if path.stem != "__init__"
    )


@pytest.mark.parametrize("name", job_names())
def test_no_job_takes_or_returns_an_author(name):
    """Neither a parameter nor a field of a job's record is an author."""
    if MAKES_PSEUDONYMS.fullmatch(f"{name.replace('.', '/')}.py"):
        return
    module = import_module(f"evenhand.{name}")
    for label, one in inspect.getmembers(module):
        if getattr(one, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(one):
            words = {*inspect.signature(one).parameters, str(one.__annotations__.get("return"))}
        else:
            words = {field.name for field in getattr(one, "__dataclass_fields__", {}).values()}

        assert not [word for word in words if "author" in word.lower()], label


def author_columns(metadata):
    """Give every column that tells authors apart, and every index on one with what else it has."""
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name == "mark" or "author" in column.name
    }
    indexes = {
        tuple(f"{index.table.name}.{column.name}" for column in index.columns)
        for table in metadata.tables.values()
        for index in table.indexes
        if any("author" in column.name for column in index.columns)
    }
    return columns, indexes


def test_schema_has_one_pseudonym_and_one_index_that_serves_erasure():
    """No index would make counting or sorting by author cheap, and no second table holds one."""
    columns, indexes = author_columns(tables.metadata)

    assert columns == {"post.author_ref", "post.mark", "rollup_mark.mark"}
    assert indexes == {("post.author_ref",)}


def test_author_index_is_found_when_planted():
    """The check above is not blind."""
    planted = MetaData()
    table = Table("post", planted, Column("author_ref", String), Column("day", String))
    Index("ix_post_author_day", table.c.author_ref, table.c.day)
    Table("author", planted, Column("author_name", String))

    assert author_columns(planted) == (
        {"post.author_ref", "author.author_name"},
        {("post.author_ref", "post.day")},
    )


def test_pseudonyms_of_one_name_differ_by_platform_and_hide_it():
    """Two platforms cannot be joined, and nobody without the key can test a guess."""
    one, other = Pseudonyms(b"1" * KEY_BYTES), Pseudonyms(b"2" * KEY_BYTES)
    refs = {
        one.author("reddit", "meo_con_1990"),
        one.author("bluesky", "meo_con_1990"),
        other.author("reddit", "meo_con_1990"),
    }

    assert len(refs) == 3
    assert not [ref for ref in refs if "meo" in ref]


NAMES = ("Meo_Con_1990", "CaVang77", "Tram-Tro-Giup", "BienXanh_2024")
IDS = ("t3_1abcde", "t1_kq9zzz", "t3_9parent", "1abcde", "kq9zzz")


def listing():
    """Two children as reddit sends them; all names, ids and addresses are invented."""
    submission = {
        "name": "t3_1abcde",
        "author": NAMES[0],
        "title": f"Ai gặp u/{NAMES[1]} nhắn mình với",
        "selftext": f"Nhờ /u/{NAMES[2]} xem https://www.reddit.com/user/{NAMES[1]}/ giúp",
        "created_utc": NOON.timestamp() - 60,
        "permalink": f"/r/lambay/comments/1abcde/ai_gap_{NAMES[1].lower()}/",
        "url": "https://www.reddit.com/r/lambay/comments/1abcde/x/",
        "is_self": True,
        "subreddit": "lambay",
        "score": 3,
    }
    comment = {
        "name": "t1_kq9zzz",
        "author": NAMES[1],
        "link_author": NAMES[0],
        "link_id": "t3_1abcde",
        "parent_id": "t3_9parent",
        "body": f"{NAMES[0]} ơi, hỏi @{NAMES[3]} thử, scam đó",
        "created_utc": NOON.timestamp() - 30,
        "subreddit": "lambay",
        "score": 1,
    }
    return [{"kind": "t3", "data": submission}, {"kind": "t1", "data": comment}]


def leaks(stored):
    """List the names and ids that stand in what was stored, however they are written."""
    folded = stored.casefold()
    return [word for word in (*NAMES, *IDS) if word.casefold() in folded]


def test_no_name_id_or_address_of_a_post_reaches_the_store(store, tmp_path):
    """What the connector's normaliser hands over holds none, in text, key or locator."""
    normaliser = Normaliser(Pseudonyms(b"k" * KEY_BYTES), may_train=True)
    events = normaliser.events(listing(), "new, page 1", NOON)
    ingest_page(
        store,
        source_id=new_source(store),
        page=Page(tuple(events), {"after": None}),
        tagger=FakeTagger(),
        now=NOON,
    )
    stored = everything_in(store)

    assert stored.count("@someone") >= 4
    assert leaks(stored) == []
    assert "comments/" not in stored
    assert leaks(bytes_of(tmp_path).decode("latin-1")) == []


def test_leaked_name_is_found_when_a_connector_forgets_to_mask(store, make_post):
    """The check above is not blind."""
    ingest(store, new_source(store), make_post(content=f"chào {NAMES[0]}", native_key=IDS[0]))

    assert leaks(everything_in(store)) == [NAMES[0], IDS[0], IDS[3]]


@pytest.mark.parametrize("name", ["u/meo_con", "/user/meo_con", "u_meo_con", "r/u_meo_con"])
def test_source_is_refused_when_it_is_one_persons_account(name):
    """Public places are read, never persons."""
    with pytest.raises(SourceMisconfigured, match="never persons"):
        read_subreddits([name])


def test_new_source_needs_a_second_person(store, actors):
    """Whoever proposes a source cannot open it."""
    sourcing.propose(store, actors.coordinator, SourceSpec("r/lambay", "reddit"), NOON)

    with pytest.raises(NotAllowed, match="second person"):
        sourcing.approve(store, actors.coordinator, "r/lambay", NOON)


# ------------------------------------------------------------ 5: statements are not one hand's


def test_misinformation_is_nothing_without_a_list_of_statements(tagger):
    """No free classifier declares a statement false, not even the taxonomy's own examples."""
    lists = load_taxonomy().policies
    texts = [
        Text("1", text)
        for policy in ("health_misinformation", "disaster_misinformation")
        for wording in lists[policy].wording.values()
        for text in wording.positives
    ]
    found = {label for tag in tagger.tag(texts) for label in tag.flagged}

    assert len(texts) == 8
    assert not [label for label in found if label.endswith("_misinformation")]


def test_one_hand_declares_nothing_false(store, actors):
    """Whoever proposes a statement cannot approve it, nor can the terminal; no role is above it."""
    made = statements.propose(store, actors.coordinator, DAM, NOON)
    with pytest.raises(NotAllowed, match="second person"):
        statements.approve(store, actors.coordinator, made.id, NOON)
    for refused in (access.operator(), actors.an, actors.leader):
        with pytest.raises(NotAllowed):
            statements.approve(store, refused, made.id, NOON)

    assert [] == statements.in_force(store, NOON)
    statements.approve(store, actors.analyst, made.id, NOON)
    assert [made.id] == [one.id for one in statements.in_force(store, NOON)]


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "hate", "topic": "society"},
        {"policy": "spam", "topic": "health"},
        {"topic": "politics"},
        {"source_url": ""},
        {"source_url": "mailto:me@x.example"},
        {"source_name": ""},
        {"what_is_true": ""},
        {"expires_at": NOON + timedelta(days=180, seconds=1)},
        {"wordings": ("The government lies about the broken upper dam",)},
        {"wordings": ("Chính quyền giấu chuyện đập hồ trên vỡ",)},
    ],
)
def test_statement_needs_a_topic_a_source_and_an_end(store, actors, change):
    """Only health or an emergency, never politics; published; 180 days at most."""
    with pytest.raises(InputError):
        statements.propose(store, actors.analyst, dataclasses.replace(DAM, **change), NOON)


def test_statement_ends_by_itself(store, actors):
    """Whether or not a worker runs."""
    put_in_force(store, actors)

    assert [] == statements.in_force(store, DAM.expires_at)
    assert 1 == len(statements.in_force(store, DAM.expires_at - timedelta(seconds=1)))


def test_rules_of_statements_hold_in_the_tables_too(store, actors):
    """No statement is active without a second person, whoever writes it there."""
    made = statements.propose(store, actors.analyst, DAM, NOON)
    table = tables.statement
    for breach in (
        {"state": "active"},
        {"state": "active", "approved_by": int(actors.analyst.id)},
        {"topic": "politics"},
        {"expires_at": NOON + timedelta(days=200)},
        {"source_url": "a friend"},
    ):
        with pytest.raises(IntegrityError), store.write() as conn:
            conn.execute(update(table).where(table.c.id == int(made.id)).values(**breach))


def test_neutrality_gate_runs_with_the_list(store, actors, tagger):
    """A list that two persons could put in force brings up none of the open neutral posts."""
    for worded in (DAM, SEA, *demo.false_claims(DAM.expires_at)[2:]):
        put_in_force(store, actors, worded)
    listed = [
        Statement(one.id, one.worded.policy, one.worded.wordings)
        for one in statements.in_force(store, NOON)
    ]
    armed = Tagger.of(tagger.loaded, statements=listed)
    texts = [Text(str(at), one.text) for at, one in enumerate(shipped_posts(OPEN))]
    put = [tag for tag in armed.tag(texts) if any(map(by_statement, tag.reasons))]

    assert len(listed) == 26
    assert len(texts) > 600
    assert [] == put
    planted = Statement("x", "health_misinformation", (texts[0].text,))
    assert any(
        map(by_statement, Tagger.of(tagger.loaded, statements=[planted]).tag(texts)[0].reasons)
    )


def by_statement(reason):
    return reason.kind == "statement"


# ------------------------------------------------------------ 6: Evenhand never posts

# Libraries that write to platforms or impersonate a browser; reading ones are listed in DESIGN §11.
POSTING = re.compile(
    r"tweepy|facebook|instagra|twilio|slack|telegram|discord|pywhatkit|selenium|playwright|zalo",
    re.IGNORECASE,
)
WRITES = frozenset(
    {"reply", "submit", "upvote", "downvote", "crosspost", "send_message", "subscribe", "unfriend"}
    | {
        "create_post",
        "status_post",
        "send_post",
        "follow",
        "like",
        "repost",
        "report",
        "submit_image",
    }
)


def test_no_posting_library_is_a_dependency():
    """What is not installed cannot post."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    wanted = [*project["dependencies"], *(name for extra in extras for name in extra)]

    assert len(wanted) > 15
    assert [name for name in wanted if POSTING.search(name)] == []
    assert POSTING.search("python-telegram-bot>=21")


def writes_to_platforms(source):
    """List the calls of code that would change something at a platform."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", "")
        words = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
        http = called in {"post", "put", "patch"} or (
            called in {"request", "open", "stream"}
            and not {"POST", "PUT", "PATCH", "DELETE"}.isdisjoint(map(str, words))
        )
        if called in WRITES or http:
            found.append(called)
    return found


def test_no_connector_writes_to_a_platform():
    """Connectors ask; none replies, submits, votes, follows or reports."""
    found = {
        name: calls
        for name, source in modules("connectors")
        if (calls := writes_to_platforms(source))
    }

    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "reddit.submission(id).reply('thanks')",
        "httpx.post(url, json=body)",
        "client.request('POST', url)",
        "subreddit.submit(title='x')",
        "session.put(url)",
    ],
)
def test_writing_is_found_when_planted(code):
    """The check above is not blind."""
    assert writes_to_platforms(code)


# What could send, and the modules in which it may be loaded: one door, and the messages about
# alerts to the deploying team.
SENDING = {
    "httpcore": {"connectors/egress.py"},
    "httpx": {"connectors/egress.py", "dashboard/jobs/alerts_webhook.py"},
    "smtplib": {"dashboard/jobs/alerts_mail.py"},
}


def loaded_in(source):
    """List the libraries that a module loads, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found


def test_nothing_is_sent_but_messages_about_alerts():
    """Mail and webhook have a module each, and everything that asks goes through one door."""
    found = {name: set() for name in SENDING}
    for path, source in modules(*ROOMS):
        for name in loaded_in(source) & set(SENDING):
            found[name].add(path)

    assert found == SENDING


def test_posts_are_passed_to_a_fixed_list_of_recipients():
    """Own desk, rescue, crisis line, platform, police: nobody else."""
    assert [one.value for one in Recipient] == [
        "own_service_desk",
        "medical_or_rescue",
        "crisis_line",
        "platform",
        "police",
    ]


def test_post_is_passed_to_the_police_only_for_a_threat_to_life(store, actors, make_post):
    """A scam is no matter for them, whatever the reviewer writes."""
    ingest(store, new_source(store), make_post(content="scam"))
    (item,) = claims.claim_next(store, actors.an, now=NOON)
    made = Decision("u1", item.id, item.claim.number, item.version, Outcome.VIOLATES, "scam_fraud")
    decisions.decide(store, actors.an, made, now=NOON)
    passed = Response(
        uuid="r1",
        item_id=item.id,
        kind=ResponseKind.PASSED_TO_SERVICE,
        channel="telephone",
        text="Chuyển cho công an",
        language="vi",
        account="Tổng đài Vịnh Lam",
        given_at=NOON,
        recipient=Recipient.POLICE,
    )

    with pytest.raises(InputError, match="only for a threat of violence"):
        requests.respond(store, actors.an, passed, now=NOON)


def test_response_is_refused_without_a_disclosed_account(store, actors, make_post):
    """There are no personas: an answer names the account that it was given from."""
    ingest(store, new_source(store), make_post(content="a question"))
    (item,) = claims.claim_next(store, actors.an, now=NOON)
    made = Decision("u1", item.id, item.claim.number, item.version, Outcome.NEEDS_ANSWER)
    decisions.decide(store, actors.an, made, now=NOON)
    nameless = Response(
        uuid="r1",
        item_id=item.id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="reddit",
        text="Trạm y tế mở cửa lúc 7 giờ",
        language="vi",
        account=" ",
        given_at=NOON,
    )

    with pytest.raises(InputError, match="disclosed account"):
        requests.respond(store, actors.an, nameless, now=NOON)


# ------------------------------------------------------------ 7: everything is answerable


def test_decision_keeps_all_that_it_must_answer_for(store, actors, make_post):
    """Policy version, model version, the version shown, the reviewer, and a line in the ledger."""
    ingest(store, new_source(store), make_post(content="scam"))
    (item,) = claims.claim_next(store, actors.an, now=NOON)
    made = Decision("u1", item.id, item.claim.number, item.version, Outcome.VIOLATES, "scam_fraud")
    decisions.decide(store, actors.an, made, now=NOON)
    with store.read() as conn:
        row = conn.execute(select(tables.decision)).one()
        lines = conn.execute(select(tables.ledger.c.action)).scalars().all()
        chained = ledger.verify(conn)

    assert (row.policy_version, row.model) == (load_taxonomy().version, "fake-1")
    assert (row.version, row.reviewer_id, row.severity) == (1, 1, 3)
    assert len(lines) == chained > 0
