"""How the active model scores the worded examples of the policies, measured by the worker.

The Policies page shows it beside the wording; where the two say different things, one of them is
wrong.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from evenhand.classifiers import examples
from evenhand.data.store import model_reports, models
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.classifiers.tagger import Tagger
    from evenhand.dashboard.jobs.serving_model import Place


def measure(place: Place, tagger: Tagger) -> bool:
    """Score the examples if the model, its word lists or the wording are new; say if they were."""
    with place.store.read() as conn:
        active = models.active(conn)
        last = None if active is None else model_reports.newest(conn, active.version)
    if active is None or last is None or not tagger.model.startswith(active.version):
        # Nothing was tagged yet, or the active model was refused and another one serves.
        return False
    wording, found = load_taxonomy().version, last.get(ReportKind.EXAMPLES)
    if found is not None and _is_of(found.data, tagger.model, wording):
        return False
    data = scored(tagger)
    with place.store.write() as conn:
        model_reports.put(conn, active.version, ReportKind.EXAMPLES, data, place.clock())
    return True


def scored(tagger: Tagger) -> dict[str, object]:
    """Score every example and give plain values, with what they were measured on."""
    return {
        **examples.report(tagger.tag),
        "scores": [asdict(one) for one in examples.score_examples(tagger.tag)],
        "model": tagger.model,
        "wording": load_taxonomy().version,
    }


def _is_of(data: Mapping[str, object], model: str, wording: str) -> bool:
    return (data.get("model"), data.get("wording")) == (model, wording)
