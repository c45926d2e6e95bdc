"""What finds a product, however it is typed."""

from __future__ import annotations

import pytest
from django.db import connection

from catalog.rules.tokens import MOST_TOKENS, tokens_of, vector_of, wish_of

BOLT = {
    "names": ("Hex bolts M8×40, stainless A2-70", "不锈钢六角螺栓 M8×40"),
    "codes": ("HB-8/40", "EN 388:2016", "6205-2RS", "67-64-1", "UN 1090"),
    "descriptions": ("Batteries and boxes of 2.5mm gauge, 500 ml.", "用于户外机械的球阀。"),
}


def finds(typed: str, **product) -> bool:
    wish = wish_of(typed)
    assert wish is not None, typed
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector_of(**(product or BOLT)), wish.anywhere])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "bolt",
        "BOLTS",
        "hex bolt",
        "stainl",
        "m8x40",
        "M8 x 40",
        "M8×40",
        "hb-8/40",
        "HB840",
        "EN388",
        "en 388",
        "6205-2RS",
        "62052rs",
        "6205",
        "67-64-1",
        "un1090",
        "UN 1090",
        "battery",
        "box",
        "2.5 mm",
        "2.5mm",
        "500ml",
        "螺栓",
        "不锈钢",
        "不锈钢六角螺栓",
        "六角 螺栓",
        "球阀",
        "阀",
        "Ｍ８",
        "luoshuan",
        "liujiao luoshuan",
    ],
)
def test_it_is_found_as_people_type_it(typed: str) -> None:
    assert finds(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["nut", "hex nut", "M9", "锈角", "螺不", "钢螺栓", "67-64-2", "ex"])
def test_what_it_is_not_does_not_find_it(typed: str) -> None:
    assert not finds(typed)


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "、。", "\0"])
def test_nothing_is_looked_for_without_a_word(typed: str) -> None:
    assert wish_of(typed) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["it's", "a & b | !c", "x:*", "\\'; drop", "'a' '' b", "a <-> b", "((( x", "螺'栓", "𠮷野家 ’"]
)
def test_signs_of_the_query_language_are_no_commands(typed: str) -> None:
    wish = wish_of(typed)
    assert wish is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector_of(names=[typed]), wish.anywhere])
        assert cursor.fetchone()[0]


def test_a_long_description_does_not_crowd_out_the_codes() -> None:
    vector = vector_of(
        names=("Bolt", "螺栓"), codes=("HB-8",), descriptions=(" ".join(map(str, range(999))),) * 2
    )
    assert "'=hb8'" in vector
    assert len(vector.split(" ")) <= MOST_TOKENS


def test_singular_and_plural_are_one_word() -> None:
    for one, many in (("glove", "gloves"), ("box", "boxes"), ("battery", "batteries"), ("brush", "brushes")):
        assert list(tokens_of(one)) == list(tokens_of(many))
    assert list(tokens_of("stainless brass chassis")) == ["stainless", "brass", "chassis"]


@pytest.mark.django_db
def test_a_known_word_is_not_the_beginning_of_another() -> None:
    product = {"names": ("Pipettes, 10 ml",)}
    assert finds("pipet", **product)
    assert wish_of("pipe").anywhere == "'pipe':*"
    assert wish_of("pipe", whole_words={"pipe"}).anywhere == "'pipe'"
