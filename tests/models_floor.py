"""A shelf of models to look at: candidates with the reports that a training writes of them."""

from __future__ import annotations

from hashlib import sha256

from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState
from tests.review_floor import NOON

CARD = {
    "name": "team",
    "recipe": "team",
    "labels": ["scam_fraud", "spam", "hate", "question"],
    "thresholds": {"hate": 0.3, "question": 0.5},
    "off": {"vi": ["hate", "scam_fraud"], "other": ["hate"]},
    "sources": [{"name": "seeds", "rows": 1684}],
    "origins": {"flagged": {"en": 700, "vi": 500}, "learning": {"vi": 90}},
    "limits": ["Learnt from 1290 decisions of one team: it repeats their mistakes."],
    "licences": ["the team's own decisions", "CC0"],
    "code_version": "2026.11.0",
    "content_hash": "c0ffee" * 8,
    "data_hash": "abcdef" * 8,
    "lexicon": "123456" * 8,
}


def pair(active, candidate, low, high):
    """Write one figure of both models as `classifiers.backtest` does."""
    apart = candidate - active
    return {
        "active": active,
        "candidate": candidate,
        "difference": apart,
        "interval": [low, high],
    }


def line(label="hate", lang="vi", verdict="better", *, recall=(0.5, 0.75, 0.1, 0.4), positives=40):
    """Write one line of a comparison; *recall* is active, candidate, and the interval's ends."""
    return {
        "label": label,
        "lang": lang,
        "n": 400,
        "positives": positives,
        "ap": pair(0.6, 0.7, 0.02, 0.2),
        "recall": pair(*recall),
        "precision": pair(0.9, 0.88, -0.08, 0.03),
        "verdict": verdict,
    }


BETTER = {"passed": True, "margin": 0.03, "refusals": [], "lines": [line(), line(lang="en")]}
WORSE = {
    "passed": False,
    "margin": 0.03,
    "refusals": [
        "hate in Vietnamese: recall 0.80 → 0.55 (-0.25, 95 % interval -0.40 to -0.10, 40 positives)"
    ],
    "lines": [
        line(verdict="worse", recall=(0.8, 0.55, -0.4, -0.1)),
        line(lang="en", verdict="same", recall=(0.7, 0.7, 0.0, 0.0)),
        line("question", "vi", "not enough evidence", positives=7),
    ],
}


def bound(name, allowed, measured, *, passed=True, limit=None):
    """Write one bound of the gate as `classifiers.neutrality` does."""
    return {
        "name": name,
        "bound": allowed,
        "measured": measured,
        "passed": passed,
        "limit": limit,
    }


HELD = [
    bound("must-not-flag, overall", "≤ 1%", 0.0042, limit=0.0086),
    bound("must-not-flag, vi", "≤ 2%", 0.005, limit=0.0125),
    bound("kind grief", "≤ 1 post", 1.0, limit=0.08),
    bound("verdicts that depend on the name", "0", 0.0),
    bound("hate found in pairs", "≥ 80%", 0.91, limit=0.86),
]
NEUTRAL = {"passed": True, "overall": {"put": 6, "of": 1430}, "bounds": HELD}
BIASED = {
    "passed": False,
    "overall": {"put": 60, "of": 1430},
    "bounds": [
        *HELD[1:],
        bound("kind satire", "≤ 5%", 0.0833, passed=False, limit=0.16),
        bound("score gap between names", "≤ 0.05", 0.0775, passed=False),
    ],
}
LABELS = {
    "trained": {"hate": {"yes": 84, "no": 512}, "question": {"yes": 60, "no": 400}},
    "kept": {
        "spam": "46 texts say yes and 512 no; 50 of each are needed",
        "doxxing": "has no head: only rules and statements find it",
    },
    "evidence": {
        "hate": {"threshold": 0.3, "precision": 0.9, "interval": [0.8, 0.96], "reviewed": 310},
        "question": {"threshold": 0.5, "precision": None, "interval": None, "reviewed": 120},
    },
    "held_out": 258,
}


def put_model(  # noqa: PLR0913 - a test states only what it is about
    store,
    folder,
    version="team@1",
    *,
    compared=BETTER,
    neutral=NEUTRAL,
    learnt=LABELS,
    suspects=(),
    **changes,
):
    """Put a candidate with its file and reports beside the shipped model, which is active."""
    home = folder / "models" / version.replace("@", "-")
    home.mkdir(parents=True)
    (home / "model.npz").write_bytes(version.encode())
    with store.write() as conn:
        base = models.active(conn) or shipped.ensure(conn, NOON)
        values = {
            "version": version,
            "state": ModelState.CANDIDATE,
            "path": home.name,
            "content_hash": "hash",
            "card": CARD,
            "registered_at": NOON,
            "file_hash": sha256(version.encode()).hexdigest(),
            "based_on": base.version,
            "trained_by": "5",
        }
        models.register(conn, Model(**(values | changes)))
        for kind, data in (
            (ReportKind.BACKTEST, compared),
            (ReportKind.NEUTRALITY, neutral),
            (ReportKind.LABELS, learnt),
            (ReportKind.EXAMPLES, {"scored": 48, "disagreements": [{}, {}]}),
            (ReportKind.SUSPECTS, {"suspects": list(suspects)}),
        ):
            if data is not None:
                model_reports.put(conn, version, kind, data, NOON)
    return version
