"""Tell the platform of an issuer of identities: data, not code."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from identity import services
from identity.actors import System
from identity.services.discovering import iss_behind
from identity.services.issuers import IssuerDetails
from identity.states import IssuerProfile, SubjectKind
from kernel.errors import Refused


def _json(kind: type) -> Any:
    def read(text: str) -> Any:
        found = json.loads(text)
        if not isinstance(found, kind):
            raise ValueError(text)
        return found

    read.__name__ = "JSON object" if kind is dict else "JSON list"
    return read


class Command(BaseCommand):
    help = (
        "Add an issuer: its addresses and “iss” are read from the discovery document. It counts for nothing until two "
        "officers have approved a policy at /operator/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", choices=IssuerProfile.values)
        parser.add_argument("discovery_url")
        parser.add_argument("client_id")
        parser.add_argument("--code", default="", help="in addresses; the profile's name where none is said")
        parser.add_argument("--framework", default="", help="code of the trust framework")
        parser.add_argument(
            "--iss", default="", help="what its tokens say; else asked at the discovery address"
        )
        parser.add_argument("--name-en", default="")
        parser.add_argument("--name-zh", default="")
        parser.add_argument("--scope", default="")
        parser.add_argument("--acr-values", default="")
        parser.add_argument("--claim-map", type=_json(dict), default={}, help="our name → dotted path")
        parser.add_argument(
            "--level-map", type=_json(dict), default={}, help="returned → level of the framework"
        )
        parser.add_argument("--algs", type=_json(list), default=[], help="accepted signature algorithms")
        parser.add_argument("--enc", type=_json(list), default=[], help="accepted encryption algorithms")
        parser.add_argument("--subject-kind", choices=["", *SubjectKind.values], default="")
        parser.add_argument("--assertion-key", default="", help="SM2 public key, hex")
        parser.add_argument("--simulated", action="store_true", help="a program of ours plays it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            issuer = services.add_issuer(
                actor=System(reason="add_issuer"), details=_details(options), now=timezone.now()
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{issuer.code}: {issuer.iss} ({issuer.framework.code})")


def _details(options: dict[str, Any]) -> IssuerDetails:
    return IssuerDetails(
        code=options["code"] or options["profile"].replace("_", "-"),
        profile=options["profile"],
        iss=options["iss"] or iss_behind(options["discovery_url"]),
        discovery_url=options["discovery_url"],
        client_id=options["client_id"],
        name_en=options["name_en"],
        name_zh=options["name_zh"],
        framework=options["framework"],
        scope=options["scope"],
        acr_values=options["acr_values"],
        claim_map=options["claim_map"],
        level_map=options["level_map"],
        id_token_algs=tuple(options["algs"]),
        id_token_enc=tuple(options["enc"]),
        subject_kind=options["subject_kind"],
        assertion_key=options["assertion_key"],
        simulated=options["simulated"],
    )
