"""Models on disk: `model.npz` (arrays only, never pickles) beside `card.json`.

The card records a hash over every array and every setting that decides; a model whose content
has another hash is refused.
Weights are float16, the vocabulary is one joined string: 120,000 terms load in well under 1 s.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, cast

import numpy as np

from evenhand.classifiers.features import Features
from evenhand.classifiers.heads import Heads
from evenhand.data.errors import ArtefactAltered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = 1
CARD, ARRAYS = "card.json", "model.npz"
LARGEST_BYTES = 64 * 2**20
_GROUPS = ("heads", "sentiment")
_PARTS = ("weights", "bias", "slope", "shift")
_ARRAYS = frozenset({"idf", "vocabulary", *(f"{g}_{p}" for g in _GROUPS for p in _PARTS)})


@dataclass(frozen=True)
class Card:
    """What a model is, what it learnt from, and what it may not be used for.

    *off* lists per language the labels whose head is not believed; there only rules and keys
    speak.
    *results* are measurements made after training; they are no part of the content hash.
    A model that learnt from a team's labels names its *base* (the model it started from), the
    *data_hash* of its labels, their counts by origin and language, the code's version, the
    *licences* of all it learnt from, and the newest decision among them (ISO, *learnt_until*).
    One whose thresholds somebody proposed (`proposed`) keeps in *proposal* what moved and why.
    """

    name: str
    recipe: str
    labels: tuple[str, ...]
    sentiment: tuple[str, ...]
    thresholds: Mapping[str, float]
    off: Mapping[str, tuple[str, ...]]
    sources: tuple[Mapping[str, object], ...]
    rows: Mapping[str, Mapping[str, tuple[int, int]]]
    lexicon: str
    limits: tuple[str, ...]
    format: int = FORMAT
    content_hash: str = ""
    results: Mapping[str, object] = field(default_factory=dict)
    base: str = ""
    data_hash: str = ""
    origins: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    code_version: str = ""
    licences: tuple[str, ...] = ()
    learnt_until: str = ""
    proposal: Mapping[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name this version: the name and the first 8 digits of the content hash."""
        return f"{self.name}@{self.content_hash[:8]}"


@dataclass(frozen=True)
class Model:
    """A loaded model: its card, its feature step, its heads."""

    card: Card
    features: Features
    heads: Heads
    sentiment: Heads


def save(model: Model, folder: Path) -> Card:
    """Write *model* into *folder* and return its card with the content hash.

    The same model gives the same bytes.
    """
    arrays = _arrays(model)
    card = _with(model.card, content_hash=content_hash(model.card, arrays))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ARRAYS).write_bytes(_pack(arrays))
    write_card(card, folder)
    return card


def write_card(card: Card, folder: Path) -> None:
    """Write the card alone, after new results."""
    text = json.dumps(asdict(card), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / CARD).write_text(text + "\n", "utf-8")


def with_results(card: Card, results: Mapping[str, object]) -> Card:
    """Copy *card* with measurements, which leave its content hash as it is."""
    return _with(card, results=dict(results))


def load(folder: Path | None = None) -> Model:
    """Load a model; None means the one that ships with Evenhand.

    Raises:
        ArtefactAltered: A file is missing, unreadable, a pickle, or not what its card records.
    """
    if folder is None:
        with as_file(files("evenhand.data").joinpath("builtin")) as shipped:
            return load(shipped)
    card, arrays = read_card(folder), _unpack(folder / ARRAYS)
    if content_hash(card, arrays) != card.content_hash:
        raise _altered(folder, "its content does not have the hash that its card records")
    words = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
    features = Features(tuple(words), arrays["idf"].astype(np.float32))
    heads = _heads(card.labels, "heads", arrays)
    return Model(card, features, heads, _heads(card.sentiment, "sentiment", arrays))


def read_card(folder: Path) -> Card:
    """Read the card alone.

    Raises:
        ArtefactAltered: It is missing or not readable.
    """
    try:
        raw = json.loads((folder / CARD).read_text("utf-8"))
        raw["off"] = {lang: tuple(labels) for lang, labels in raw["off"].items()}
        for name in ("labels", "sentiment", "sources", "limits"):
            raw[name] = tuple(raw[name])
        raw["licences"] = tuple(raw.get("licences", ()))
        card = Card(**raw)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _altered(folder, f"{CARD} cannot be read ({type(error).__name__})") from error
    if card.format != FORMAT:
        raise _altered(folder, f"its format is {card.format} and this program reads {FORMAT}")
    return card


def content_hash(card: Card, arrays: Mapping[str, NDArray[np.generic]]) -> str:
    """Hash all that decides: arrays, label order, thresholds, switched-off heads."""
    decides = {
        "format": card.format,
        "name": card.name,
        "recipe": card.recipe,
        "labels": list(card.labels),
        "sentiment": list(card.sentiment),
        "thresholds": dict(card.thresholds),
        "off": {lang: list(labels) for lang, labels in card.off.items()},
        "lexicon": card.lexicon,
    }
    # Only where there is one: models from before the team's recipe keep their hashes.
    if card.base:
        origin = (card.base, card.data_hash, card.learnt_until)
        decides["base"], decides["data_hash"], decides["learnt_until"] = origin
    if card.proposal:
        decides["proposal"] = dict(card.proposal)
    digest = sha256(json.dumps(decides, sort_keys=True).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _with(card: Card, **changes: object) -> Card:
    return Card(**{**{name: getattr(card, name) for name in card.__dict__}, **changes})


def _arrays(model: Model) -> dict[str, NDArray[np.generic]]:
    joined = "\n".join(model.features.vocabulary).encode()
    arrays: dict[str, NDArray[np.generic]] = {
        "vocabulary": np.frombuffer(joined, dtype=np.uint8),
        "idf": model.features.idf.astype(np.float16),
    }
    for group, heads in (("heads", model.heads), ("sentiment", model.sentiment)):
        arrays[f"{group}_weights"] = heads.weights.astype(np.float16)
        for part in _PARTS[1:]:
            arrays[f"{group}_{part}"] = getattr(heads, part).astype(np.float32)
    return arrays


def _heads(labels: tuple[str, ...], group: str, arrays: Mapping[str, NDArray[np.generic]]) -> Heads:
    weights, *rest = (arrays[f"{group}_{part}"].astype(np.float32) for part in _PARTS)
    return Heads(labels, weights, *rest)


def _pack(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    # numpy.savez stamps the time into the archive; two equal models would differ.
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(arrays):
            raw = io.BytesIO()
            np.lib.format.write_array(raw, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)),
                raw.getvalue(),
                zipfile.ZIP_DEFLATED,
            )
    return packed.getvalue()


def _unpack(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST_BYTES:
                raise _altered(path.parent, f"{ARRAYS} unpacks to more than {LARGEST_BYTES} bytes")
        with np.load(path, allow_pickle=False) as loaded:
            arrays = {name: cast("NDArray[np.generic]", loaded[name]) for name in loaded.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        reason = f"{ARRAYS} cannot be read as plain arrays ({type(error).__name__})"
        raise _altered(path.parent, reason) from error
    if set(arrays) != _ARRAYS:
        raise _altered(path.parent, f"{ARRAYS} holds {sorted(arrays)}")
    return arrays


def _altered(folder: Path, what: str) -> ArtefactAltered:
    return ArtefactAltered(
        f"the model in {folder.name!r} was refused: {what}; restore it or train it again",
    )
