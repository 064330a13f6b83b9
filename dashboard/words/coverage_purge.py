"""Words of the coverage page for posts that their platforms deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

PURGES: dict[str, Entry] = {
    "purge": ("Deleted at the platform, erased here", "Bị xoá trên nền tảng, xoá tại đây"),
    "purge_none": (
        "No post became known as deleted in these days.",
        "Trong những ngày này không có bài nào được biết là đã bị xoá.",
    ),
    "purge_texts": (
        (
            "{n} text was purged, of {posts} posts known as deleted; still held: {still}.",
            "{n} texts were purged, of {posts} posts known as deleted; still held: {still}.",
        ),
        "Đã xoá {n} nội dung, trong {posts} bài được biết là đã bị xoá; còn giữ: {still}.",
    ),
    "purge_platform": (
        "Since the platform deleted them: half within {median}, 95 in 100 within {p95} (n = {n}).",
        "Kể từ khi nền tảng xoá: một nửa trong {median}, 95 trên 100 trong {p95} (n = {n}).",
    ),
    "purge_learned": (
        (
            "Where the platform does not say when, since that became known: half within {median}, "
            "95 in 100 within {p95} (n = {n}). How long before that they were gone there, nobody "
            "knows."
        ),
        (
            "Nơi nền tảng không cho biết lúc xoá, kể từ khi biết: một nửa trong {median}, 95 trên "
            "100 trong {p95} (n = {n}). Trước đó bài đã mất trên nền tảng bao lâu thì không ai "
            "biết."
        ),
    ),
    "purge_platform_few": (
        "Since the platform deleted them: too few for a time (n = {n}).",
        "Kể từ khi nền tảng xoá: quá ít để tính thời gian (n = {n}).",
    ),
    "purge_learned_few": (
        "Where the platform does not say when: too few for a time (n = {n}).",
        "Nơi nền tảng không cho biết lúc xoá: quá ít để tính thời gian (n = {n}).",
    ),
    "purge_since": ("Counted from", "Tính từ"),
    "purge_row_platform": ("the platform's deletion", "lúc nền tảng xoá"),
    "purge_row_learned": ("when it became known", "lúc được biết"),
    "col_posts": ("Posts", "Số bài"),
    "col_erased": ("Erased", "Đã xoá"),
    "col_held": ("Still held", "Còn giữ"),
    "col_p95": ("95 in 100, minutes", "95 trên 100, phút"),
}
