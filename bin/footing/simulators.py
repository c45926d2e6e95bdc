"""Parties that are not ours, played by processes of their own: a bank, an arbitration desk, three issuers of identities.
Ports and keys are chosen once and kept in the state."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import CHECKOUT
from .environment import Environment
from .processes import Child
from .roles import BEHIND_THE_PAGES
from .state import State

#: what the simulated bank is called on the wire
BANK = "straits-demo-bank"
#: by role: what the hub calls the issuer (it stands in addresses), and how the issuer speaks
ISSUERS = {
    "issuer-sg": ("corppass-demo", "corppass_fapi"),
    "issuer-sg-people": ("singpass-demo", "singpass_fapi"),
    "issuer-cn": ("guangdong-demo", "cn_oidc"),
}
#: what the issuers call the hub
CLIENT = "sme-hub"


class Simulators:
    """`hub` is the address that they send their messages to. `controlled`: tests may make the issuers misbehave."""

    def __init__(self, environment: Environment, state: State, *, hub: str, controlled: bool = False) -> None:
        self._environment, self._state, self._hub = environment, state, hub
        self._control = "1" if controlled else os.environ.get("ISSUER_CONTROL", "")
        self._keys = self._kept_keys("bank")
        self._bank_port = state.port("bank")
        self._scia_port = state.port("scia")
        self._issuer_keys = {role: self._kept_keys(role) for role in ISSUERS}
        self._issuer_ports = {role: state.port(role) for role in ISSUERS}

    @property
    def addresses(self) -> dict[str, str]:
        """By role."""
        return {
            "bank": f"http://127.0.0.1:{self._bank_port}",
            "scia": f"http://127.0.0.1:{self._scia_port}",
            **{role: f"http://127.0.0.1:{port}" for role, port in self._issuer_ports.items()},
        }

    def told_to_hub(self) -> dict[str, str]:
        """What the product's settings are told of them."""
        bank = {"url": self.addresses["bank"], "public_key": self._keys["BANK_PUBLIC_KEY"]}
        return {
            "BANKS": os.environ.get("BANKS") or json.dumps({BANK: bank}),
            "HUB_SIGNING_KEY": self._keys["HUB_SIGNING_KEY"],
            "FINANCE_REGISTRY_KEY": self._state.secret("registry"),
            "ISSUERS": os.environ.get("ISSUERS") or json.dumps(self._told_of_issuers()),
            **self._told_of_scia(),
        }

    def _told_of_scia(self) -> dict[str, str]:
        return {"SCIA_URL": self.addresses["scia"], "SCIA_SECRET": self._state.secret("scia")}

    def _told_of_issuers(self) -> dict[str, dict[str, str]]:
        return {
            code: {
                "iss": self.addresses[role],
                "discovery_url": f"{self.addresses[role]}/.well-known/openid-configuration",
                "client_id": CLIENT,
                "profile": profile,
                "assertion_key": self._issuer_key(role, "ASSERTION_KEY"),
            }
            for role, (code, profile) in ISSUERS.items()
        }

    def children(self) -> dict[str, Child]:
        """They know nothing of our database."""
        return {role: self._child(role, module, told) for role, module, told in self._roles()}

    def _roles(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        yield (
            "bank",
            "bank",
            {
                "BANK_CODE": BANK,
                "BANK_PORT": str(self._bank_port),
                "BANK_STORE": str(self._state.root / "simulated-bank.sqlite"),
                "BANK_SIGNING_KEY": self._keys["BANK_SIGNING_KEY"],
                "HUB_PUBLIC_KEY": self._keys["HUB_PUBLIC_KEY"],
                "BANK_PROFILE": os.environ.get("BANK_PROFILE", ""),
                "BANK_CONTROL": os.environ.get("BANK_CONTROL", ""),
            },
        )

        filings = str(self._state.root / "simulated-scia.json")
        yield "scia", "scia", {"SCIA_STORE": filings, **self._told_of_scia()}

        for role, (code, profile) in ISSUERS.items():
            yield (
                role,
                "issuer",
                {
                    "ISSUER_PROFILE": profile,
                    "ISSUER_CODE": code,
                    "ISSUER_URL": self.addresses[role],
                    "ISSUER_STORE": str(self._state.root / f"simulated-{role}.sqlite"),
                    "ISSUER_SIGNING_KEY": self._issuer_key(role, "SIGNING_KEY"),
                    "ISSUER_SM2_KEY": self._issuer_key(role, "SM2_KEY"),
                    "ISSUER_CLIENT": CLIENT,
                    "ISSUER_CONTROL": self._control,
                },
            )

    def _child(self, role: str, module: str, told: dict[str, str]) -> Child:
        common = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONUNBUFFERED": "1", "HUB_URL": self._hub}
        return Child(
            role,
            [self._environment.python, "-m", f"simulators.{module}"],
            env=common | told,
            cwd=CHECKOUT,
            log=self._state.logs / f"{role}.log",
            nice=0 if role == "bank" else BEHIND_THE_PAGES,
        )

    def _issuer_key(self, role: str, name: str) -> str:
        """Empty where this issuer has no such key."""
        return self._issuer_keys[role].get(f"{role.upper().replace('-', '_')}_{name}", "")

    def _kept_keys(self, party: str) -> dict[str, str]:
        """Made by the environment's Python, which knows cryptography, once."""
        name = f"keys {party}"
        if not self._state.recall(name):
            command: list[str | Path] = [self._environment.python, "-m", "simulators.keys", party, "--json"]
            made = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
            self._state.remember(name, json.loads(made.stdout))
        kept: dict[str, str] = self._state.recall(name)
        return kept
