"""The model that ships with Evenhand, as a row on the shelf.

Only its card is read, as plain JSON: the serving process loads no model.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.data.store import models
from evenhand.data.store.models import Model, ModelState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


def as_model(now: datetime) -> Model:
    """Describe the shipped model as it would be registered."""
    card = _card()
    content_hash = str(card["content_hash"])
    version = f"{card['name']}@{content_hash[:8]}"
    return Model(version, ModelState.ACTIVE, "", content_hash, card, now)


def is_older(found: Model) -> bool:
    """Say whether a model came with an Evenhand before this one."""
    return found.is_shipped and found.content_hash != str(_card()["content_hash"])


def ensure(conn: Connection, now: datetime) -> Model:
    """Give the active model, which is the shipped one until another is promoted.

    After an upgrade of Evenhand the newly shipped model follows the one shipped before; a team's
    own model stays active.
    """
    found, shipped = models.active(conn), as_model(now)
    if found is not None and not is_older(found):
        return found
    if not models.register(conn, shipped):
        models.set_state(conn, shipped.version, ModelState.ACTIVE)
    if found is not None:
        data = {"before": found.version}
        models.log(conn, now, models.NOBODY, "model_upgraded", shipped.version, data)
    return models.get(conn, shipped.version)


@cache
def _card() -> Mapping[str, object]:
    text = files("evenhand.data").joinpath("builtin/card.json").read_text("utf-8")
    return cast("Mapping[str, object]", json.loads(text))
