"""The simulated issuers of both cities over HTTP, started once for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from identity.connectors.issuers import wire
from tests.identity import cities
from tests.simulators.issuers import TestIssuer, running


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestIssuer]]:
    folder = tmp_path_factory.mktemp("issuers")
    with (
        running("corppass_fapi", folder, hub_keys=cities.hub_keys, code="sg") as sg,
        running("cn_oidc", folder, hub_keys=cities.hub_keys, code="cn") as cn,
    ):
        yield {"sg": sg, "cn": cn}


@pytest.fixture
def sg(db: None, servers: dict[str, TestIssuer], settings: Any) -> TestIssuer:
    return _ready(servers["sg"], settings)


@pytest.fixture
def cn(db: None, servers: dict[str, TestIssuer], settings: Any) -> TestIssuer:
    return _ready(servers["cn"], settings)


def _ready(server: TestIssuer, settings: Any) -> TestIssuer:
    settings.BASE_URL = "http://testserver"
    cities.publish()
    server.behaves()
    server.desk.hub.forget()
    wire._breaker.cache_clear()
    cities.known(server)
    return server
