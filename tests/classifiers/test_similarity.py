"""Near-duplicates: copies meet, different texts do not, and calls for help never hide another."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.classifiers.similarity import (
    MOST_SHINGLES,
    VERSION,
    exact_key,
    jaccard,
    same_request,
    signature,
    unpack,
)
from evenhand.classifiers.similarity_text import normalised, plain_link, wording
from evenhand.classifiers.similarity_window import Match, Member, Window
from evenhand.classifiers.text import fold
from evenhand.data.errors import InputError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SCAM = (
    "Thông báo: công ty nước Vịnh Lam hoàn lại 850 ngàn cho khách hàng đóng đủ hóa đơn, bấm vào "
    "đường dẫn để nhận trước 24h hôm nay"
)
FERRY = (
    "The ferry to the old lighthouse leaves at noon and comes back before dark, bring water and a "
    "warm coat because the wind on deck is cold even in spring"
)
HELP = "Nước lên nhanh quá, nhà em ở 14 đường Mỏ Neo có ba người già, xin cho ghe tới chở giúp"
GOLDEN = (
    "010384204063dc84c7d69da618d102139daa033bd1c25cc202d8090008000111b7b52c84f73639a2f77e40edc2"
    "6d55b96c5c6a84d640760c6f808a7e1a91c3206a0e088218410ed2ac8c98"
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(codec=None, categories=["Cs", "Mn", "So", "Lo"]), max_size=80),
    st.lists(st.sampled_from(SCAM.split() + FERRY.split()), max_size=60).map(" ".join),
)


def member(number, text, *, group=None, minutes=None, strict=False):
    """Make member *number*, in a group of its own unless told otherwise."""
    at = NOW + timedelta(minutes=number if minutes is None else minutes)
    return Member(f"p{number:05d}", group or f"g{number}", at, signature(text), strict)


def grouped(texts, *, strict=False, window=None):
    """Match and add the texts one by one, as ingest does, and give their groups."""
    window = Window() if window is None else window
    groups = []
    for number, text in enumerate(texts):
        found = window.match(signature(text), strict=strict)
        groups.append(found.group if found else f"g{number}")
        window.add(member(number, text, group=groups[-1], strict=strict))
    return groups


def replaced(text, *places):
    """Replace the words at *places* by words that stand nowhere else."""
    words = text.split()
    for place in places:
        words[place] = f"zebra{chr(97 + place)}"
    return " ".join(words)


# What two copies of one text have in common.


@pytest.mark.parametrize(
    "copy",
    [
        SCAM.upper(),
        f"RT @someone: {SCAM}",
        f"{SCAM} https://t.example/abc?utm_source=app",
        f"@someone @someone {SCAM} 🙏🙏",
        f"  {SCAM.replace(' ', '  ')}!!!\n",
        SCAM.replace("ó", "o\u0301").replace("à", "a\u0300"),
        SCAM.replace("hóa đơn", "hoá đơn"),
        fold(SCAM),
    ],
)
def test_copies_have_one_key(copy):
    """Case, spaces, marks, mentions, RT, a link, emoji, spelling of accents and their lack."""
    assert exact_key(SCAM) == exact_key(copy)
    assert ["g0", "g0"] == grouped([SCAM, copy])


def test_numbers_are_kept():
    """Another sum is another text, near though it is; phones are one however they are spaced."""
    other = SCAM.replace("850", "900")

    assert exact_key(SCAM) != exact_key(other)
    assert "goi 0900000023 luc 4.40 tra 5.000" == normalised("Gọi 0900 000 023 lúc 4:40 trả 5,000")
    assert normalised("gọi 0900.000.023 nhé") == normalised("gọi 0900000023 nhé")


@pytest.mark.parametrize(
    "address",
    [
        "http://www.page.example/a/b/",
        "https://page.example/a/b#top",
        "HTTPS://Page.example/a/b?utm_source=x&fbclid=12",
        "page.example/a/b),",
        "https://m.page.example/a/b?&ref=z",
    ],
)
def test_plain_link_is_one_however_it_was_shared(address):
    """Scheme, www, fragment, end slash and tracking say nothing of the page."""
    assert "https://page.example/a/b" == plain_link(address)


def test_plain_link_keeps_what_chooses_the_page():
    """A path's case, its other parameters, and a port."""
    assert "https://v.example:8080/W?a=1&v=Xy" == plain_link("http://v.example:8080/W/?v=Xy&a=1")
    assert "http://[broken" == plain_link("http://[broken")
    assert "http://v.example:99999/x" == plain_link("http://v.example:99999/x.")


def test_links_count_only_where_words_are_few():
    """A wave that changes its link stays a wave; two links without words are two."""
    assert exact_key(f"{SCAM} https://a.example") == exact_key(f"{SCAM} https://b.example")
    assert exact_key("https://a.example") != exact_key("https://b.example")
    assert ["g0", "g1", "g0"] == grouped(
        ["xem nè https://a.example/x", "xem nè https://b.example/x", "Xem nè: www.a.example/x/"]
    )


def test_wording_keeps_long_words_whole():
    """Words are cut short elsewhere; here two long ones that differ at the end would be equal."""
    assert ["a" * 60 + "b"] == wording("a" * 60 + "b").words


def test_wording_finds_numbers_and_names():
    """A capital at a sentence's start is no name, unless the next word has one too."""
    read = wording("Cứu với. Nhà em ở 14 đường Mỏ Neo. I am Ann")

    assert ["14 duong", "ann ", "mo neo", "neo "] == read.details
    assert read.telling
    assert [] == wording("Cứu với. Nhà em ngập. I am wet").details
    assert wording("Hải Châu ngập").telling
    assert not wording("còn 2 chỗ").telling
    assert not wording("NƯỚC LÊN").cased


# Signatures.


@given(TEXTS)
def test_signature_law_same_text_same_bytes_and_back(text):
    """Made twice it is equal, and reading what was written gives it again."""
    made = signature(text)

    assert made == signature(text)
    assert made == unpack(made.pack())
    assert exact_key(text) == made.key


@given(TEXTS, TEXTS)
def test_jaccard_law_symmetric_and_whole_for_itself(one, other):
    """A share of 0-1, the same from both sides; 1 for an equal text with two words or more."""
    first, second = signature(one), signature(other)

    assert 0.0 <= jaccard(first, second) <= 1.0
    assert jaccard(first, second) == jaccard(second, first)
    assert (1.0 if first.words > 1 else 0.0) == jaccard(first, first)


def test_signature_bytes_stay_what_they_were():
    """Stored signatures outlive a program: another layout or hash needs another version."""
    packed = signature("Nước lên tới mái, nhà 14 đường Mỏ Neo https://a.example/x").pack()

    assert GOLDEN == packed.hex()
    assert VERSION == packed[0]


def test_signature_is_the_same_in_another_process():
    """No hash may depend on the process's own seed."""
    code = (
        "from evenhand.classifiers.similarity import signature; import sys;"
        "sys.stdout.write(signature(sys.argv[1]).pack().hex())"
    )
    run = [sys.executable, "-c", code, SCAM]
    ran = subprocess.run(
        run, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "1"}
    )

    assert signature(SCAM).pack().hex() == ran.stdout


def test_unpack_refuses_what_was_damaged_and_leaves_other_versions():
    """Another version is no error: the text makes it anew."""
    packed = signature(SCAM).pack()

    assert unpack(bytes([VERSION + 1]) + packed[1:]) is None
    assert unpack(b"") is None
    for damaged in (packed[:-1], packed + b"x", packed[:20]):
        with pytest.raises(InputError, match="damaged"):
            unpack(damaged)


def test_jaccard_counts_shingles():
    """One of 30 words replaced: 27 of 29 shingles stay, 31 in all."""
    assert 30 == signature(FERRY).words
    assert pytest.approx(27 / 31) == jaccard(signature(FERRY), signature(replaced(FERRY, 10)))


def test_jaccard_of_long_texts_is_estimated():
    """Beyond 512 shingles the smallest hashes speak: 0.8 of 4,000 words in common, within 0.06."""
    words = [f"từ{number}" for number in range(4_000)]
    one, other = signature(" ".join(words[:3_600])), signature(" ".join(words[400:]))

    assert MOST_SHINGLES == len(one.hashes())
    assert pytest.approx(0.8, abs=0.06) == jaccard(one, other)


def test_nothing_knows_an_author():
    """A wave is never formed, found or broken by who wrote."""
    assert ["id", "group", "at", "signature", "strict"] == [each.name for each in fields(Member)]


# The window.


def test_match_names_group_member_and_likeness():
    """An equal text by its key, a near one by its leader."""
    window = Window()
    window.add(member(1, FERRY, group="trip"))

    assert Match("trip", "p00001", 1.0, exact=True) == window.match(signature(f"RT @a: {FERRY}"))
    near = window.match(signature(replaced(FERRY, 10)))
    assert Match("trip", "p00001", 27 / 31, exact=False) == near
    assert window.match(signature(SCAM)) is None
    assert "p00001" in window
    assert "p00002" not in window


def test_match_prefers_the_nearest_leader_and_then_the_earliest():
    """Of two near leaders the nearer; of equally near ones the earlier."""
    far, near = replaced(FERRY, 2, 6, 10, 14, 18), replaced(FERRY, 22, 26)
    window = Window()
    for number, text in enumerate([far, near, replaced(FERRY, 24, 27)]):
        window.add(member(number, text))

    # Far shares 19 of 39 shingles, the two others 25 of 33 each.
    assert 19 / 39 == jaccard(signature(far), signature(FERRY))
    assert Match("g1", "p00001", 25 / 33, exact=False) == window.match(signature(FERRY))


def test_a_group_does_not_drift():
    """Each step is near the one before, but the last ones are far from the first: another group."""
    steps = [replaced(FERRY, *range(0, count, 2)) for count in range(0, 28, 4)]
    neighbours = [jaccard(signature(a), signature(b)) for a, b in itertools.pairwise(steps)]
    groups = grouped(steps)

    assert min(neighbours) >= 0.45
    assert groups[0] == groups[1]
    assert groups[0] != groups[-1]


@pytest.mark.parametrize(
    "text", ["cảm ơn", "ok", "😀😀😀", "Cứu với", "cảm ơn bạn nhiều nhé", "", "@someone @someone"]
)
def test_short_texts_never_group(text):
    """Below six words an equal text may be anybody's."""
    assert ["g0", "g1", "g2"] == grouped([text, text, text.upper()])


def test_texts_of_six_to_nine_words_group_only_when_equal():
    """One changed word of nine is not the same text."""
    text = "Mai chợ nổi mở cửa lúc bảy giờ"

    assert ["g0", "g0", "g2"] == grouped([text, f"{text}!!", text.replace("bảy", "tám")])


def test_window_drops_what_is_older_than_its_days():
    """Fourteen days on, a copy is a new group; the moment of dropping is the caller's clock."""
    window = Window(days=14)
    window.add(member(1, FERRY, minutes=0))
    window.slide(NOW + timedelta(days=14))
    kept = window.match(signature(FERRY))
    window.slide(NOW + timedelta(days=14, seconds=1))

    assert "g1" == kept.group
    assert window.match(signature(FERRY)) is None
    assert 0 == len(window)


def test_window_does_not_take_what_is_already_too_old():
    """Time in it never goes back."""
    window = Window(days=1)
    window.add(member(1, FERRY, minutes=0))
    window.add(member(2, SCAM, minutes=-2_000))
    window.slide(NOW - timedelta(days=3))

    assert 1 == len(window)
    assert window.match(signature(SCAM)) is None


def test_leader_is_followed_by_the_next_member():
    """Deleted upstream or too old, the first member leaves its wave to the second."""
    near = replaced(FERRY, 10)
    window = Window()
    window.add(member(1, FERRY, group="trip"))
    window.add(member(2, near, group="trip"))

    assert window.forget("p00001")
    assert not window.forget("p00001")
    assert Match("trip", "p00002", 1.0, exact=True) == window.match(signature(near))
    assert Match("trip", "p00002", 27 / 31, exact=False) == window.match(signature(FERRY))
    assert window.forget("p00002")
    assert window.match(signature(near)) is None


def test_edited_post_is_taken_in_anew():
    """The same id again replaces what it was."""
    window = Window()
    window.add(member(1, FERRY))
    window.add(member(1, SCAM))

    assert 1 == len(window)
    assert window.match(signature(FERRY)) is None
    assert "g1" == window.match(signature(SCAM)).group


def test_window_stays_small_under_edits_without_end():
    """One post edited a thousand times leaves no trail."""
    window = Window()
    for number in range(1_000):
        window.add(member(1, f"{FERRY} {number}", minutes=number % 7))

    assert 1 == len(window)
    assert len(window._line) <= 66
    assert 1 == len(window._by_key) == len(window._led_by_number) == len(window._groups)


EVENTS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 5), st.integers(0, 60), st.booleans()),
    max_size=40,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_window_law_bounded_and_rebuilt_in_any_order(events, rng):
    """Whatever is added and forgotten, it holds at most so many, and stored members rebuild it."""
    texts = [FERRY, SCAM, HELP, replaced(FERRY, 5), replaced(SCAM, 3, 9), "cảm ơn"]
    window = Window(days=1, most=8)
    for number, kind, minutes, gone in events:
        if gone:
            window.forget(f"p{number:05d}")
        window.add(member(number, texts[kind], group=f"g{kind % 4}", minutes=minutes * 60))
        assert len(window) <= 8
    stored = list(window._members.values())
    rng.shuffle(stored)
    again = Window(days=1, most=8)
    again.fill(stored)

    assert window._members == again._members
    for text in texts:
        assert window.match(signature(text)) == again.match(signature(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\ud800\udfff lone \udc00 halves of letters that nobody can write down at all here",
        "nước " * 20_000,
        "x" * 100_000,
        " ".join(f"https://page{number}.example/?utm_source=a" for number in range(2_000)),
        "http://[::1 http://] www.",
        "@" * 50_000,
        "😀" * 50_000,
        "😤\u0301" * 500,
        "\x00" * 1_000,
    ],
)
def test_hostile_texts_are_read(text):
    """Empty, broken, very long, only links: a signature of bounded size, and no error."""
    made = signature(text)
    window = Window()
    window.add(member(1, text))
    window.match(made)

    assert len(made.pack()) < 5 * MOST_SHINGLES + 200
    assert made == unpack(made.pack())


def test_long_texts_that_differ_only_at_the_end_have_two_keys():
    """What is not read still counts for being equal."""
    assert exact_key("nước lên " * 5_000 + "a") != exact_key("nước lên " * 5_000 + "b")


def test_flood_of_leaders_is_compared_within_bounds():
    """Hundreds of leaders that share half of their words: the equal one is found all the same."""
    window = Window(threshold=0.9)
    for number in range(700):
        window.add(member(number, f"{FERRY} số {number} tầng {number} phòng {number} nhà {number}"))
    found = window.match(signature(f"{FERRY} số 9 tầng 9 phòng 9 nhà 9 nhé"))

    assert "p00009" == window.match(signature(f"{FERRY} số 9 tầng 9 phòng 9 nhà 9")).member
    assert found is None or found.jaccard >= 0.9


# Requests.


@pytest.mark.parametrize(
    "other",
    [
        HELP.replace("14", "41"),
        HELP.replace("Mỏ Neo", "Cò Trắng"),
        HELP.replace("Mỏ Neo", "Mõ Neo"),
        HELP.replace("ba người", "hai người"),
        HELP.replace("người già", "em bé"),
        f"{HELP}, số em 0900 000 023",
        f"{HELP} ở Đồi Thông",
        HELP.replace("đường Mỏ Neo", "hẻm 31 đường Mỏ Neo"),
        f"{HELP} https://map.example/?q=2",
    ],
)
def test_calls_for_help_from_other_places_stay_apart(other):
    """A number, a name, an accent of it, a count, a word or a map: each may be another house."""
    first = f"{HELP} https://map.example/?q=1" if "map" in other else HELP

    assert ["g0", "g1"] == grouped([first, other], strict=True)
    # Not strict, every one of them would have been taken for a copy.
    assert ["g0", "g0"] == grouped([first, other])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 người lớn 3 trẻ em", "3 người lớn 2 trẻ em"),
        ("hai người lớn ba trẻ em", "ba người lớn hai trẻ em"),
        ("đi từ Bến Cá tới Cồn Cát", "đi từ Cồn Cát tới Bến Cá"),
        ("bà ngoại", "ba ngoại đi làm chưa về, em"),
        ("gần chợ", "gần cho"),
    ],
)
def test_calls_of_the_same_words_in_another_order_stay_apart(one, other):
    """Who is where, and how many, may hang on the order of words and on one accent."""
    first, second = (f"{HELP}, trong nhà {each}, mau lên" for each in (one, other))

    assert ["g0", "g1"] == grouped([first, second], strict=True)


@pytest.mark.parametrize(
    "copy",
    [
        f"RT @someone: {HELP}",
        f"{HELP} https://t.example/abc",
        HELP.upper(),
        HELP.lower(),
        fold(HELP),
        f"Chia sẻ giúp. {HELP}",
        f"{HELP}. ai gần đó giúp với",
    ],
)
def test_a_call_for_help_passed_on_stays_one(copy):
    """Re-posted, linked, in capitals, without accents, with a plea before or behind it."""
    assert ["g0", "g0"] == grouped([HELP, copy], strict=True)


def test_two_short_calls_for_help_stay_two():
    """Equal words of two people in need are two calls, until a name or much text tells."""
    short = "cứu với nhà em ngập tới mái rồi"
    long = f"{short}, trong nhà còn bà nội với hai đứa nhỏ, điện thoại sắp hết pin"

    assert ["g0", "g1"] == grouped([short, short], strict=True)
    assert ["g0", "g0"] == grouped([long, long], strict=True)


def test_lower_case_calls_are_one_only_when_equal():
    """Where nobody writes capitals, what was added may be a name."""
    low = f"{HELP.lower()} 0900 000 023"

    assert ["g0", "g0"] == grouped([low, f"{low}!"], strict=True)
    assert ["g0", "g1"] == grouped([low, f"gấp quá {low}"], strict=True)


def test_long_requests_are_one_only_when_equal():
    """Beyond the shingles that are kept nothing proves that no word was replaced."""
    long = f"{HELP} " + " ".join(f"từ{number}" for number in range(600))

    assert ["g0", "g0"] == grouped([long, f"RT @a: {long}"], strict=True)
    assert ["g0", "g1"] == grouped([long, f"{long} nhé"], strict=True)


def test_a_request_in_the_window_is_strict_towards_everything():
    """A copy that the model does not call a request cannot swallow one, nor be swallowed."""
    other = HELP.replace("14", "41")
    window = Window()
    window.add(member(1, HELP, strict=True))

    assert window.match(signature(other)) is None
    assert "g1" == window.match(signature(f"RT @a: {HELP}")).group
    assert not same_request(signature(HELP), signature(other))
