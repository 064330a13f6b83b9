"""Re-scoring after a promotion, and the model on trial: posts that are stored are tagged again.

Both read the texts that are still held, batch by batch, and can be stopped between two: each batch
commits with the place where it ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.classifiers.tagger import BATCH, Tagger
from evenhand.dashboard.jobs import ingest, serving_model, tasks
from evenhand.dashboard.jobs.retraining_shadow import LABELS, is_put
from evenhand.data.errors import ArtefactAltered
from evenhand.data.records import Score, Text
from evenhand.data.store import machine_texts, model_reports, models, rescoring, trials
from evenhand.data.store import tasks as task_store
from evenhand.data.store.arrivals import Stored
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import ModelState
from evenhand.data.store.rescoring import Raised
from evenhand.data.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from evenhand.classifiers.base import Classifier
    from evenhand.dashboard.jobs.serving_model import Place
    from evenhand.data.records import Tag
    from evenhand.data.store.connect import Store
    from evenhand.data.store.machine_texts import MachineText
    from evenhand.data.store.tasks import Task

# How far back a trial looks when it begins.
LOOK_BACK = timedelta(days=7)
# A trial leaves the other steps their turn after so many batches.
BATCHES_PER_STEP = 10


@dataclass(slots=True)
class _Sums:
    """How far a re-scoring is, as the task's arguments keep it."""

    version: str
    after: int = 0
    until: int = 0
    read: int = 0
    made: int = 0

    @classmethod
    def of(cls, task: Task) -> _Sums:
        numbers = (int(str(task.args.get(name, 0))) for name in ("after", "until", "read", "made"))
        return cls(str(task.args.get("version", "")), *numbers)

    def as_args(self) -> dict[str, object]:
        """Write it down."""
        return {
            "version": self.version,
            "after": self.after,
            "until": self.until,
            "read": self.read,
            "made": self.made,
        }


def rescore(  # noqa: PLR0913 - clock, stop and size are set by tests and the worker alone
    store: Store,
    tagger: Classifier,
    task: Task,
    *,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
    at_once: int = BATCH,
) -> None:
    """Tag the held texts with the model that was promoted; new flags become items.

    Nothing is un-flagged, and no older tag is changed.
    Each *at_once* posts commit together with the place where they end.
    """
    sums = _Sums.of(task)
    if not sums.until:
        with store.read() as conn:
            sums.until = machine_texts.last_id(conn)
    while True:
        if stopped():
            tasks.give_back(store, task.id)
            return
        if against := _against(store, tagger, sums.version):
            tasks.finish(store, task.id, ok=False, message=against, now=clock())
            return
        with store.read() as conn:
            texts = machine_texts.after(conn, sums.after, at_most=at_once)
        texts = [one for one in texts if one.post_id <= sums.until]
        if not texts:
            break
        _rescore_batch(store, tagger, texts, task, sums, clock())
    _end(store, task, sums, clock())


def _against(store: Store, tagger: Classifier, version: str) -> str | None:
    """Say why a re-scoring cannot go on; None when it can."""
    with store.read() as conn:
        active = models.active(conn)
    if active is None or active.version != version:
        now = "another model" if active is None else active.version
        return f"{now} is active by now, so the re-scoring with {version} ended"
    # A version is followed by "+…" where the word lists are not those of its training.
    if tagger.model.partition("+")[0] != version:
        return (
            f"{version} could not be loaded ({tagger.model} tags); restore its files or roll back"
        )
    return None


def _rescore_batch(  # noqa: PLR0913, PLR0917 - where, by what, what, for whom, how far, when
    store: Store,
    tagger: Classifier,
    texts: Sequence[MachineText],
    task: Task,
    sums: _Sums,
    now: datetime,
) -> None:
    tags = tagger.tag([text_of(one) for one in texts])
    said = [(Stored(one.post_id, one.version), tag) for one, tag in zip(texts, tags, strict=True)]
    raised = [
        Raised(at, flags, ingest.item_for(flags, one.reach, tag.lang, now))
        for one, (at, tag) in zip(texts, said, strict=True)
        if (flags := ingest.flags_under(one.name, tag))
    ]
    sums.after, sums.read = texts[-1].post_id, sums.read + len(texts)
    with store.write() as conn:
        rescoring.put_tags(conn, said, shadow=False, now=now)
        sums.made += rescoring.raise_flags(conn, raised, now)
        task_store.keep(conn, task.id, sums.as_args(), now=now)
        line = f"{sums.read} posts, {sums.made} new items"
        task_store.progress(conn, task.id, done=sums.after, total=sums.until, message=line, now=now)


def _end(store: Store, task: Task, sums: _Sums, now: datetime) -> None:
    message = f"{sums.read} posts were tagged again, {sums.made} of them are new in the queue"
    with store.write() as conn:
        data = {"posts": sums.read, "new_items": sums.made}
        model_reports.put(conn, sums.version, ReportKind.RESCORE, data, now)
        task_store.finish(conn, task.id, ok=True, message=message, now=now)


def text_of(one: MachineText) -> Text:
    """Give what the tagger reads of a stored post."""
    # The language told the first time is the best mark there is: the platform's is not stored.
    return Text(str(one.post_id), one.text, one.lang if one.lang in LANGUAGES else None)


@dataclass(slots=True)
class Trial:
    """The model on trial as the worker holds it in memory, and where it is in the posts."""

    place: Place
    version: str = ""
    tagger: Tagger | None = None
    after: int = 0


@dataclass(slots=True)
class _Tally:
    """Agreement of both models, per label: both, only active, only shadow, neither."""

    posts: int = 0
    counted_only: int = 0
    labels: dict[str, list[int]] = field(
        default_factory=lambda: {label: [0, 0, 0, 0] for label in LABELS}
    )

    def add(
        self, active: Mapping[str, Score], shadow: Mapping[str, Score], *, readable: bool
    ) -> None:
        """Count one post."""
        self.posts += 1
        for label in LABELS:
            put = is_put(active, label), is_put(shadow, label)
            at = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}[put]
            self.labels[label][at] += 1
            self.counted_only += at in {1, 2} and not readable


def try_out(trial: Trial, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Let the model on trial tag the posts that it has not seen, and say how many those were.

    A model whose files were altered is taken off trial.
    """
    with trial.place.store.read() as conn:
        found = models.on_trial(conn)
    if found is None:
        trial.version, trial.tagger = "", None
        return 0
    if found.version != trial.version or trial.tagger is None:
        place = trial.place
        statements = serving_model.statements_of(place.store, place.clock())
        try:
            loaded = serving_model.load_checked(place.settings, found)
        except ArtefactAltered as error:
            _take_off(trial, found.version, str(error))
            return 0
        trial.version, trial.after = found.version, 0
        trial.tagger = Tagger.of(loaded, statements=statements)
    seen = 0
    for _ in range(BATCHES_PER_STEP):
        done = 0 if stopped() else _try_batch(trial, trial.tagger)
        seen += done
        if done < BATCH:
            break
    return seen


def _take_off(trial: Trial, version: str, sentence: str) -> None:
    now = trial.place.clock()
    trial.place.tell(version, sentence)
    with trial.place.store.write() as conn:
        models.set_state(conn, version, ModelState.RETIRED)
        models.log(conn, now, models.NOBODY, "shadow_refused", version, {})


def _try_batch(trial: Trial, tagger: Tagger) -> int:
    store, now = trial.place.store, trial.place.clock()
    with store.read() as conn:
        since = now - LOOK_BACK
        texts = machine_texts.untagged(conn, tagger.model, since, trial.after, at_most=BATCH)
        ids = [one.post_id for one in texts]
        active, readable = trials.said_of(conn, ids), trials.with_item(conn, ids)
        before = model_reports.newest(conn, trial.version).get(ReportKind.SHADOW)
    if not texts:
        return 0
    tags = tagger.tag([text_of(one) for one in texts])
    tally = _tally_of(None if before is None else before.data)
    for one, tag in zip(texts, tags, strict=True):
        can_read = one.post_id in readable
        tally.add(active.get(one.post_id, {}), scores_of(tag), readable=can_read)
    said = [(Stored(one.post_id, one.version), tag) for one, tag in zip(texts, tags, strict=True)]
    data = {
        "model": tagger.model,
        "since": now.isoformat() if before is None else before.data["since"],
        "posts": tally.posts,
        "counted_only": tally.counted_only,
        "labels": tally.labels,
    }
    with store.write() as conn:
        current = models.on_trial(conn)
        if current is None or current.version != trial.version:
            return 0
        rescoring.put_tags(conn, said, shadow=True, now=now)
        model_reports.keep_running(conn, trial.version, ReportKind.SHADOW, data, now)
    trial.after = ids[-1]
    return len(texts)


def _tally_of(data: Mapping[str, object] | None) -> _Tally:
    if data is None:
        return _Tally()
    made = _Tally(int(str(data["posts"])), int(str(data["counted_only"])))
    sums = data["labels"]
    if isinstance(sums, dict):
        made.labels.update({str(label): list(counts) for label, counts in sums.items()})
    return made


def scores_of(tag: Tag) -> dict[str, Score]:
    """Give harms and requests of a tag in one mapping."""
    return {**tag.harms, **tag.requests}
