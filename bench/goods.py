"""A synthetic catalogue of any size, written in bulk by the database's owner. For measuring only.

The first 10,000 products are composed of plausible words in both languages and shelved by the product's own rules. More
are copies of those by other numbers, as in a market where many sellers offer the same types. Three searched words are
planted: a rare one (15 products) and a middling one (300), the same number at any size, and a broad one (30 %).
"""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from catalog.rules.bands import moq_band, price_band
from catalog.rules.tokens import vector_of
from identity.models import Company
from identity.states import RegistrationKind

BASE = 10_000
RARE, MIDDLING, BROAD = 15, 300, 0.30
#: what is searched for, English and Chinese
TERMS = {"rare": ("sapphire", "蓝宝石"), "middling": ("marine", "船用"), "broad": ("stainless", "不锈钢")}

_TYPES = (
    ("hex bolt", "六角螺栓"),
    ("socket screw", "内六角螺钉"),
    ("flat washer", "平垫圈"),
    ("ball valve", "球阀"),
    ("gate valve", "闸阀"),
    ("pipe elbow", "弯头"),
    ("hose clamp", "喉箍"),
    ("deep groove bearing", "深沟球轴承"),
    ("roller chain", "滚子链"),
    ("cutting disc", "切割片"),
    ("drill bit", "麻花钻头"),
    ("torque wrench", "扭力扳手"),
    ("cable gland", "电缆接头"),
    ("safety helmet", "安全帽"),
    ("nitrile gloves", "丁腈手套"),
    ("safety shoes", "安全鞋"),
    ("face shield", "防护面罩"),
    ("respirator filter", "呼吸器滤盒"),
    ("ear plugs", "防噪耳塞"),
    ("fall arrest harness", "防坠落安全带"),
    ("surgical mask", "医用外科口罩"),
    ("infusion set", "输液器"),
    ("instrument tray", "器械托盘"),
    ("isopropyl alcohol", "异丙醇"),
    ("degreaser", "除油剂"),
    ("epoxy adhesive", "环氧胶"),
    ("lithium grease", "锂基润滑脂"),
    ("copy paper", "复印纸"),
    ("lever arch file", "拱形文件夹"),
    ("label printer", "标签打印机"),
)
_MATERIALS = (
    ("carbon steel", "碳钢"),
    ("brass", "黄铜"),
    ("nylon", "尼龙"),
    ("aluminium", "铝合金"),
    ("PVC", "聚氯乙烯"),
    ("rubber", "橡胶"),
)
_QUALITIES = (
    ("heavy duty", "重型"),
    ("light duty", "轻型"),
    ("food grade", "食品级"),
    ("anti-static", "防静电"),
    ("quick release", "快拆"),
    ("low noise", "低噪音"),
    ("high temperature", "耐高温"),
    ("self-locking", "自锁"),
)
_COMPANIES = 55
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def stock_up(size: int) -> None:
    """Fill a migrated database, empty or with the base, with `size` published products of 55 companies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_shelfrow")
        if cursor.fetchone()[0] == 0:
            companies = _add_companies()
            categories = _categories(cursor)
            _copy_base(cursor, min(size, BASE), companies, categories)
        if size > BASE:
            _multiply(cursor, size)
        for table in ("product", "tier", "stock", "shelfrow"):
            cursor.execute(f"VACUUM ANALYZE catalog_{table}")


def _add_companies() -> list[int]:
    checked, until = date(2026, 10, 1), date(2027, 10, 1)
    companies = Company.objects.bulk_create(
        Company(
            pk=number,
            uid=uuid.UUID(int=number),
            slug=f"bench-{number}",
            legal_name=f"Bench {number} Pte. Ltd.",
            name_en=f"Bench {number} Supply",
            name_zh=f"试验{number}号商行",
            country="SG",
            registration_kind=RegistrationKind.UEN,
            registration_number=f"BENCH{number:05}",
            city="Singapore",
            currency="SGD",
            time_zone="Asia/Singapore",
            sells=True,
            buys=True,
            created_at=timezone.now(),
            registration_checked_on=checked,
            registration_check_expires_on=until,
        )
        for number in range(900_001, 900_001 + _COMPANIES)
    )
    return [company.pk for company in companies]


def _categories(cursor: Any) -> list[tuple[int, int]]:
    """Every category with its family."""
    cursor.execute("SELECT id, parent_id FROM catalog_category WHERE parent_id IS NOT NULL ORDER BY id")
    return cursor.fetchall()


def _copy_base(cursor: Any, size: int, companies: list[int], categories: list[tuple[int, int]]) -> None:
    goods = list(_compose(size, companies, categories))
    columns = {
        "catalog_product": (
            "id uid company_id sku category_id state version name_en name_zh description_en description_zh status_en"
            " status_zh unspsc hs6 hs_sg8 hs_cn10 brand mpn gtin unit step moq multiple lead_time_days origin cas"
            " un_number ghs standards hsa_class attributes created_at updated_at published_at"
        ),
        "catalog_stock": "product_id available",
        "catalog_tier": "product_id currency min_quantity unit_price",
        "catalog_shelfrow": (
            "product_id company_id category_id published_at band_sgd band_cny band_usd band_moq lead_time_days in_stock"
            " origin tokens moq from_sgd from_cny from_usd to_sgd to_cny to_usd priced_in product_uid name_en name_zh"
            " unit thumbnail standards"
        ),
    }
    rows: dict[str, list[tuple[Any, ...]]] = {
        "catalog_product": [_product(good) for good in goods],
        "catalog_stock": [(good["id"], good["available"]) for good in goods],
        "catalog_tier": [tier for good in goods for tier in _tiers(good)],
        "catalog_shelfrow": [_shelf_row(good) for good in goods],
    }
    for table, names in columns.items():
        cursor.copy_expert(f"COPY {table} ({', '.join(names.split())}) FROM STDIN", _as_file(rows[table]))


def _as_file(rows: Iterable[tuple[Any, ...]]) -> io.StringIO:
    return io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))


def _compose(size: int, companies: list[int], categories: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    chance = random.Random(2)
    for number in range(size):
        category, family = chance.choice(categories)
        (noun, noun_zh), (quality, quality_zh) = chance.choice(_TYPES), chance.choice(_QUALITIES)
        material = TERMS["broad"] if chance.random() < BROAD else chance.choice(_MATERIALS)
        extra, extra_zh = _planted(number, size)
        measure = f"{chance.randrange(3, 90)}×{chance.randrange(10, 400)}"
        price = Decimal(round(chance.lognormvariate(2, 1.4) + 0.05, 2)).quantize(Decimal("0.01"))
        yield {
            "id": 1_000_000 + number,
            "uid": uuid.UUID(int=(7 << 76) + (2 << 62) + number + 1),
            "company": companies[number % len(companies)],
            "category": category,
            "family": family,
            "sku": f"BN-{number:06}",
            "name_en": " ".join(filter(None, [extra, material[0], quality, noun, measure])).capitalize(),
            "name_zh": f"{extra_zh}{material[1]}{quality_zh}{noun_zh} {measure}",
            "hs6": f"{chance.choice((7318, 8481, 4015, 6506, 3402))}{chance.randrange(10, 99)}",
            "price": price,
            "moq": chance.choice((1, 5, 10, 50, 100, 500)),
            "lead": chance.randrange(1, 30),
            "origin": chance.choice(("SG", "SG", "CN", "DE", "JP", "MY")),
            "available": chance.choice((0, 40, 500, 2500, 12000)),
            "published": _NOW + timedelta(seconds=chance.randrange(1_000_000)),
        }


def _planted(number: int, size: int) -> tuple[str, str]:
    """Spread evenly over the catalogue, so that neither end of any order is made of them."""
    if number % (size // RARE) == 7 and number // (size // RARE) < RARE:
        return TERMS["rare"]
    if number % (size // MIDDLING) == 3 and number // (size // MIDDLING) < MIDDLING:
        return TERMS["middling"]
    return "", ""


def _product(good: dict[str, Any]) -> tuple[Any, ...]:
    at = good["published"].isoformat()
    return (
        *(good["id"], good["uid"], good["company"], good["sku"], good["category"], "published", 1),
        *(good["name_en"], good["name_zh"], _DESCRIBED[0], _DESCRIBED[1], "ready", "ready"),
        *("31161504", good["hs6"], "", "", "Bench", f"MP{good['id']}", "", "H87", 1, good["moq"], 1),
        *(good["lead"], good["origin"], "", "", "{}", '{"ISO 4014"}', "", "{}", at, at, at),
    )


_DESCRIBED = (
    "Kept in stock and despatched within days; certificates of each batch are sent with the goods.",
    "常备现货，数日内发货；每批货物随附检验证书。",
)


def _tiers(good: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for at, share in ((1, "1"), (100, "0.92"), (1000, "0.85")):
        price = (good["price"] * Decimal(share)).quantize(Decimal("0.0001"))
        yield good["id"], "SGD", max(at, good["moq"]) + at - 1, price


def _shelf_row(good: dict[str, Any]) -> tuple[Any, ...]:
    low, high = good["price"] * Decimal("0.85"), good["price"]
    rates = {"SGD": Decimal(1), "CNY": Decimal("5.4"), "USD": Decimal("0.74")}
    prices = [amount * rate for amount in (low, high) for rate in rates.values()]
    bands = [price_band(low * rate, currency) for currency, rate in rates.items()]
    tokens = vector_of(
        names=(good["name_en"], good["name_zh"]),
        codes=(good["sku"], f"MP{good['id']}", good["hs6"], "31161504", "Bench", "ISO 4014"),
        texts=("Bench Supply", "试验商行"),
        descriptions=_DESCRIBED,
    )
    return (
        *(good["id"], good["company"], good["category"], good["published"].isoformat(), *bands),
        *(moq_band(good["moq"]), good["lead"], good["available"] > 0, good["origin"], tokens, good["moq"]),
        *(*prices, "{SGD}", good["uid"], good["name_en"], good["name_zh"], "H87", "", "ISO 4014"),
    )


def _multiply(cursor: Any, size: int) -> None:
    """Copies of the base without the planted words, until there are `size` products."""
    indexes = _drop_indexes(cursor, "catalog_shelfrow")
    cursor.execute(
        "CREATE TEMP TABLE copied AS SELECT row.product_id AS old, 2000000 + row_number() OVER () AS id,"
        " gen_random_uuid() AS uid, make_interval(secs => (random() * 1000000)::int) AS shift"
        " FROM catalog_shelfrow AS row CROSS JOIN generate_series(1, %s)"
        " WHERE NOT row.tokens @@ %s::tsquery LIMIT %s",
        [size // BASE + 1, f"{TERMS['rare'][0]} | {TERMS['middling'][0]}", size - BASE],
    )
    product = _columns(cursor, "catalog_product") - {"id", "uid", "sku", "published_at"}
    _insert_copies(
        cursor,
        "catalog_product",
        {
            "id": "copied.id",
            "uid": "copied.uid",
            "sku": "'BN-' || copied.id",
            "published_at": _SHIFTED,
            **_same(product),
        },
        key="id",
    )
    _insert_copies(cursor, "catalog_stock", {"product_id": "copied.id", "available": "old.available"})
    tier = _columns(cursor, "catalog_tier") - {"id", "product_id"}
    _insert_copies(cursor, "catalog_tier", {"product_id": "copied.id", **_same(tier)})
    row = _columns(cursor, "catalog_shelfrow") - {"product_id", "product_uid", "published_at"}
    _insert_copies(
        cursor,
        "catalog_shelfrow",
        {"product_id": "copied.id", "product_uid": "copied.uid", "published_at": _SHIFTED, **_same(row)},
    )
    for definition in indexes:
        cursor.execute(definition)


_SHIFTED = "timestamptz '2026-11-01' + copied.shift"


def _same(columns: Iterable[str]) -> dict[str, str]:
    return {column: f"old.{column}" for column in columns}


def _columns(cursor: Any, table: str) -> set[str]:
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return {name for (name,) in cursor.fetchall()}


def _insert_copies(cursor: Any, table: str, columns: dict[str, str], key: str = "product_id") -> None:
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
        f" FROM copied JOIN {table} AS old ON old.{key} = copied.old"
    )


def _drop_indexes(cursor: Any, table: str) -> list[str]:
    """Quicker to build once than to keep; returns how to make them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname LIKE 'shelf%%'",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]
