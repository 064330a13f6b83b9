"""The model that tags: whichever is active, checked, and replaced within a minute of a change.

The worker, `pull` and `import` share it; the serving process never loads one.
A model whose files are not what the store recorded is refused, and the last good one goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from evenhand.classifiers import shelf
from evenhand.classifiers.statements import Statement
from evenhand.classifiers.tagger import Tagger
from evenhand.dashboard.jobs.retraining_promotion import FOLDER
from evenhand.dashboard.jobs.statements import in_force
from evenhand.data.errors import ArtefactAltered
from evenhand.data.store import models, shipped
from evenhand.data.taxonomy import LANGUAGES, Policy, Request, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from evenhand.data.records import Tag, Text
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.models import Model

# A promotion, a rollback or a change of statements holds within a minute, long pages included.
LOOK_EVERY = timedelta(seconds=30)
KNOWN_LABELS = frozenset(
    [
        *(one.value for one in (*Policy, *Request)),
        *(f"topic:{one.value}" for one in Topic),
        *(f"lang:{lang}" for lang in LANGUAGES),
    ]
)


def _tell_nobody(version: str, sentence: str) -> None:
    del version, sentence


@dataclass(frozen=True, slots=True)
class Place:
    """Where models and statements come from.

    *tell* is given the version and the sentence of a model that was refused.
    """

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    tell: Callable[[str, str], None] = _tell_nobody


class ServingModel:
    """The active model as a classifier; it looks for another one at most every 30 seconds.

    All texts of one call are tagged by one model.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._version = ""
        self._statements: tuple[Statement, ...] = ()
        self._refused = ""
        self._tagger: Tagger | None = None
        self._looked_at: datetime | None = None

    @property
    def model(self) -> str:
        """Name the version, as it is stored with each tag."""
        return self.tagger.model

    @property
    def tagger(self) -> Tagger:
        """Give the tagger of this moment."""
        now = self._place.clock()
        if self._tagger is None or self._looked_at is None or now - self._looked_at >= LOOK_EVERY:
            return self.refresh()
        return self._tagger

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Tag *texts*: one tag per text, in the same order."""
        return self.tagger.tag(texts)

    def refresh(self) -> Tagger:
        """Look now for another active model or changed statements, and give the tagger."""
        now = self._looked_at = self._place.clock()
        wanted = active_model(self._place.store, now)
        statements = statements_of(self._place.store, now)
        if self._tagger is not None and statements != self._statements:
            self._tagger = Tagger.of(self._tagger.loaded, statements=statements)
        self._statements = statements
        if self._tagger is None or wanted.version != self._version:
            self._take(wanted)
        if self._tagger is None:
            self._tagger = self._last_good(wanted)
        return self._tagger

    def _take(self, wanted: Model) -> None:
        try:
            loaded = load_checked(self._place.settings, wanted)
        except ArtefactAltered as error:
            if self._refused != wanted.version:
                self._place.tell(wanted.version, str(error))
            self._refused = wanted.version
            return
        self._refused, self._version = "", wanted.version
        self._tagger = Tagger.of(loaded, statements=self._statements)

    def _last_good(self, refused: Model) -> Tagger:
        """Go back along the models that were active before, at last to the shipped one."""
        seen, version = {refused.version}, refused.replaced
        while version is not None and version not in seen:
            seen.add(version)
            with self._place.store.read() as conn:
                before = models.find(conn, version)
            if before is None:
                break
            try:
                loaded = load_checked(self._place.settings, before)
            except ArtefactAltered as error:
                self._place.tell(version, str(error))
                version = before.replaced
                continue
            return Tagger.of(loaded, statements=self._statements)
        return Tagger.load(statements=self._statements)


def tagger_of(
    store: Store,
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    tell: Callable[[str, str], None] = _tell_nobody,
) -> ServingModel:
    """Give the classifier that tags with the active model, which is loaded here."""
    serving = ServingModel(Place(store, settings, clock, tell))
    serving.refresh()
    return serving


def active_model(store: Store, now: datetime) -> Model:
    """Read which model is active; the shipped one is registered where there is none."""
    with store.read() as conn:
        found = models.active(conn)
        if found is not None and not shipped.is_older(found):
            return found
    with store.write() as conn:
        return shipped.ensure(conn, now)


def statements_of(store: Store, now: datetime) -> tuple[Statement, ...]:
    """Give the statements that posts are matched with at this moment: those in force."""
    return tuple(
        Statement(one.id, one.worded.policy, one.worded.wordings) for one in in_force(store, now)
    )


def load_checked(settings: Settings, wanted: Model) -> shelf.Model:
    """Load a model and make sure that it is the one that the store recorded.

    Raises:
        ArtefactAltered: A file is missing, unreadable, a pickle, or not what was recorded, or the
            model knows a label that is on no list.
    """
    if wanted.is_shipped:
        loaded = shelf.load()
    else:
        if PurePath(wanted.path).name != wanted.path:
            raise _refused(wanted, "its folder lies outside the workspace")
        loaded = shelf.load(settings.workspace / FOLDER / wanted.path)
    if loaded.card.content_hash != wanted.content_hash:
        raise _refused(wanted, "its content is not the one that was registered")
    if unknown := sorted(set(loaded.card.labels) - KNOWN_LABELS):
        raise _refused(wanted, f"it knows labels that are on no list ({', '.join(unknown)[:100]})")
    return loaded


def _refused(wanted: Model, what: str) -> ArtefactAltered:
    msg = f"the model {wanted.version} was refused: {what}; restore its folder or train again"
    return ArtefactAltered(msg)
