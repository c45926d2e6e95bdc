"""Packages: pallets, then cartons, then boxes; what no pack says stays unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.rules import plan_packing

BOX = {
    "code": "XBX",
    "contains": "100",
    "length_mm": 240,
    "width_mm": 120,
    "height_mm": 80,
    "gross_kg": "0.65",
}
CARTON = {
    "code": "XCT",
    "contains": "1000",
    "length_mm": 500,
    "width_mm": 260,
    "height_mm": 420,
    "gross_kg": "7.1",
}


def planned(quantity: str, packs=(BOX, CARTON), unit: str = "PR", after: int = 0, net_kg: str = ""):
    stated = Decimal(net_kg) if net_kg else None
    return plan_packing(quantity=Decimal(quantity), unit=unit, packs=packs, net_kg=stated, after=after)


def test_large_packages_first_and_the_rest_in_one_that_is_not_full():
    rows = planned("2110").packed
    assert [(row.code, row.count, row.first, row.last, row.quantity) for row in rows] == [
        ("XCT", 2, 1, 2, Decimal(2000)),
        ("XBX", 1, 3, 3, Decimal(100)),
        ("XBX", 1, 4, 4, Decimal(10)),
    ]


def test_a_package_that_is_not_full_weighs_its_share_and_takes_all_its_room():
    [row] = planned("10").packed
    assert (row.gross_kg, row.volume_m3) == (Decimal("0.065"), Decimal("0.003"))


def test_numbers_go_on_from_line_to_line():
    assert planned("1000", after=7).packed[0].first == 8
    assert planned("3000", after=7).last == 10


def test_without_packs_one_package_of_unknown_measures():
    packing = planned("5", packs=())
    [row] = packing.packed
    assert (row.code, row.count, row.quantity) == ("", 1, Decimal(5))
    assert packing.gross_kg is packing.volume_m3 is packing.net_kg is None


@pytest.mark.parametrize(("unit", "net"), [("KGM", "2.5"), ("GRM", "0.003"), ("TNE", "2500"), ("H87", None)])
def test_net_weight_is_known_where_the_unit_is_a_weight(unit, net):
    assert planned("2.5", unit=unit).net_kg == (None if net is None else Decimal(net))


def test_net_weight_is_what_the_seller_states_of_a_unit_that_is_no_weight():
    assert planned("2110", net_kg="0.0062").net_kg == Decimal("13.082")
    assert planned("2.5", unit="KGM", net_kg="7").net_kg == Decimal("2.5")


@given(st.decimals(min_value="0.001", max_value=10**6, places=3))
def test_nothing_is_lost_and_every_package_has_a_number(quantity):
    packing = planned(str(quantity))
    assert sum(row.quantity for row in packing.packed) == quantity
    assert [row.first for row in packing.packed[1:]] == [row.last + 1 for row in packing.packed[:-1]]
    assert all(row.count == row.last - row.first + 1 for row in packing.packed)
