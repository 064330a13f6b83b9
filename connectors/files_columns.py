"""Which column of a file is what: as the person says, else guessed from names in wide use."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from evenhand.connectors.base import Option
from evenhand.connectors.files_table import shown_name
from evenhand.data.errors import SourceMisconfigured, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OPTIONS = (
    Option("path", "where the file lies; it is not stored", required=True),
    Option("encoding", "what it is written in, where that is neither UTF-8 nor marked"),
    Option("text", "the column of the post's text"),
    Option("id", "the column of the platform's own id"),
    Option("published", "the column of the time it was written"),
    Option("updated", "the column of the time it was changed"),
    Option("title", "the column of its title"),
    Option("lang", "the column of its language"),
    Option("author", "the column of who wrote it; stored as a pseudonym"),
    Option("reply_to", "the column of the id that it answers"),
    Option("thread", "the column of its thread's id"),
    Option("reach", "the columns of public reactions, which are added up (a list)"),
    Option("url", "the column of its address; stored encrypted"),
    Option("deleted", "the column that says whether it was deleted, or when"),
)
REACH = "reach"
ROLES = tuple(option.name for option in OPTIONS if option.name not in {"path", "encoding"})
# Names in wide use (exports of platforms and of research tools), folded: small letters without
# marks, "_" between words. The first that a file has is taken.
KNOWN = {
    "text": "text full_text content body message selftext caption comment_text tweet_text tweet "
    "post_text post comment review sentence noi_dung van_ban noi_dung_bai_viet bai_viet "
    "binh_luan tin_nhan",
    "id": "id id_str post_id tweet_id status_id comment_id message_id native_id uri ma_bai "
    "ma_bai_viet ma_binh_luan",
    "published": "published_at published created_at created_utc created created_time publish_date "
    "published_date pub_date post_date posted_at date_posted datetime date timestamp time "
    "ngay_dang thoi_gian_dang ngay_tao thoi_gian ngay",
    "updated": "updated_at edited_at modified_at updated edited ngay_sua ngay_cap_nhat",
    "title": "title headline subject tieu_de",
    "lang": "lang language ngon_ngu",
    "author": "author_id author author_name user_id user.id_str user.id user.screen_name "
    "user.username user username user_name screen_name account.acct account.id author.handle "
    "author.did author.id handle account from_id nguoi_dang tac_gia ten_tai_khoan tai_khoan",
    "reply_to": "in_reply_to_id in_reply_to_status_id_str in_reply_to_status_id in_reply_to "
    "reply_to parent_id reply_to_message_id tra_loi",
    "thread": "thread_id conversation_id thread link_id root_id chu_de_id",
    "reach": "likes like_count favorite_count favourites_count favorites reblogs_count "
    "retweet_count retweets repost_count shares share_count replies reply_count replies_count "
    "comments_count comment_count num_comments ups reactions luot_thich luot_chia_se "
    "luot_binh_luan",
    "url": "url permalink link post_url lien_ket duong_dan",
    "deleted": "deleted is_deleted removed da_xoa deleted_at removed_at",
}
_KNOWN = {role: tuple(names.split()) for role, names in KNOWN.items()}
KNOWN_TEXTS = frozenset(_KNOWN["text"])
_BETWEEN = re.compile(r"[\s\-]+")
# Columns named in a message.
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each role; None where a file has none. *guessed* names the guessed roles."""

    text: str
    id: str | None = None
    published: str | None = None
    updated: str | None = None
    title: str | None = None
    lang: str | None = None
    author: str | None = None
    reply_to: str | None = None
    thread: str | None = None
    url: str | None = None
    deleted: str | None = None
    reach: tuple[str, ...] = ()
    guessed: frozenset[str] = frozenset()

    def by_role(self) -> dict[str, tuple[str, ...]]:
        """List the roles that have columns, in the order of the options."""
        held = asdict(self)
        named = {role: held[role] for role in ROLES}
        return {
            role: (column,) if isinstance(column, str) else tuple(column)
            for role, column in named.items()
            if column
        }


def fold(name: str) -> str:
    """Fold a column's name, so that "Nội dung" and "noi_dung" are one."""
    marks = unicodedata.normalize("NFD", name.strip().casefold().replace("đ", "d"))
    plain = "".join(letter for letter in marks if not unicodedata.combining(letter))
    return _BETWEEN.sub("_", plain)


def choose_columns(options: Mapping[str, object], columns: Sequence[str]) -> Columns:
    """Choose a column for each role.

    Args:
        options: Roles with the columns that the person names; "" is none.
        columns: What the file has.

    Raises:
        SourceMisconfigured: An option is unknown or of the wrong type.
        UnreadableFile: A named column is not there, or nothing looks like the text.
    """
    if not columns:
        msg = 'the file has no rows with named fields; write objects like {"text": "…"}, one a line'
        raise UnreadableFile(msg)
    given = {role: _named(role, options[role]) for role in ROLES if role in options}
    for role, names in given.items():
        for name in names:
            if name not in columns:
                raise _missing(columns, role, f"no column {shown_name(name)!r}")
    guesses = {role: _guess(role, columns) for role in ROLES if role not in given}
    chosen = given | guesses
    if not chosen["text"]:
        what = "no column that looks like a post's text"
        raise _missing(columns, "text", what)
    single = {role: names[0] for role, names in chosen.items() if names and role != REACH}
    guessed = frozenset(role for role, names in guesses.items() if names)
    return Columns(**single, reach=chosen[REACH], guessed=guessed)


def _named(role: str, value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(name, str) for name in names) or (role != REACH and len(names) != 1):
        many = "a list of columns" if role == REACH else "one column"
        msg = f"`{role}` must name {many}"
        raise SourceMisconfigured(msg)
    return tuple(str(name) for name in names if name)


def _guess(role: str, columns: Sequence[str]) -> tuple[str, ...]:
    folded = {fold(column): column for column in reversed(columns)}
    found = tuple(folded[name] for name in _KNOWN[role] if name in folded)
    return found if role == REACH else found[:1]


def _missing(columns: Sequence[str], role: str, what: str) -> UnreadableFile:
    option = role.replace("_", "-")
    return UnreadableFile(
        f"the file has {what}; it has {listed(columns)}; name one with --{option}"
    )


def listed(columns: Iterable[str]) -> str:
    """List columns for a person."""
    names = list(columns)
    shown = ", ".join(shown_name(name) for name in names[:MOST_SHOWN])
    more = len(names) - MOST_SHOWN
    return (shown or "no columns") + (f" and {more} more" if more > 0 else "")
