"""Makes a set of keys for the hub and one simulated party, as lines for an environment file: python -m simulators.keys bank

Parties: a bank's name; issuer-sg, issuer-sg-people and issuer-cn.
"""

from __future__ import annotations

import json
import secrets
import sys
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def key_pair() -> tuple[str, str]:
    """A private Ed25519 key and its public one, base64url."""
    private = Ed25519PrivateKey.generate()
    return _text(private.private_bytes_raw()), _text(private.public_key().public_bytes_raw())


def key_set(party: str) -> dict[str, str]:
    hub, other, name = key_pair(), key_pair(), party.upper()
    return {
        "HUB_SIGNING_KEY": hub[0],
        "HUB_PUBLIC_KEY": hub[1],
        f"{name}_SIGNING_KEY": other[0],
        f"{name}_PUBLIC_KEY": other[1],
    }


def issuer_key_set(party: str) -> dict[str, str]:
    """The scalar of an ES256 key, base64url; for the mainland an SM2 key and its public one, hex, as well.

    The hub is told the last alone: ES256 keys are published, and it publishes its own.
    """
    name = party.upper().replace("-", "_")
    keys = {f"{name}_SIGNING_KEY": _text(secrets.token_bytes(31))}
    if party.endswith("-cn"):
        from simulators.issuer.keys import sm2_public  # slow to load, and of no use to the others

        private = f"{int.from_bytes(secrets.token_bytes(31)):064x}"
        keys |= {f"{name}_SM2_KEY": private, f"{name}_ASSERTION_KEY": sm2_public(private)}
    return keys


def _text(key: bytes) -> str:
    return urlsafe_b64encode(key).rstrip(b"=").decode()


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "bank"
    made = issuer_key_set(wanted) if wanted.startswith("issuer-") else key_set(wanted)
    as_json = "--json" in sys.argv
    sys.stdout.write(
        json.dumps(made) if as_json else "".join(f"{name}={key}\n" for name, key in made.items())
    )
