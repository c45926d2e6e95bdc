"""The compose file: read strictly, and every process of the product is in it."""

from __future__ import annotations

from typing import Any

import yaml

from footing import CHECKOUT
from footing.roles import LANES
from footing.simulators import ISSUERS


class Strict(yaml.SafeLoader):
    """Refuses a key that stands twice, as Docker does."""


def _mapping(loader: Strict, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [key.value for key, _value in node.value if key.tag != "tag:yaml.org,2002:merge"]
    assert len(keys) == len(set(keys)), f"twice in one mapping: {sorted(keys)}"
    loader.flatten_mapping(node)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def composed() -> dict[str, Any]:
    return yaml.load((CHECKOUT / "docker-compose.yml").read_text(), Strict)  # noqa: S506


def test_every_process_has_a_service() -> None:
    wanted = {
        "web",
        "relay",
        *LANES,
        "sweep",
        "beat",
        "bank",
        "scia",
        *ISSUERS,
        "migrate",
        "postgres",
        "redis",
    }
    assert set(composed()["services"]) == wanted


def test_issuers_are_called_as_in_a_run_without_containers() -> None:
    services = composed()["services"]
    told = {role: services[role]["environment"] for role in ISSUERS}
    assert {role: (env["ISSUER_CODE"], env["ISSUER_PROFILE"]) for role, env in told.items()} == ISSUERS


def test_what_is_mounted_by_name_is_declared() -> None:
    file = composed()
    mounted = {
        volume.partition(":")[0]
        for service in file["services"].values()
        for volume in service.get("volumes", ())
        if not volume.startswith((".", "/"))
    }
    assert mounted == set(file["volumes"])
