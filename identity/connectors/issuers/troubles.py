"""Why a login came to nothing. `code` is stable and goes into the audit; no value that an issuer sent is among it."""

from __future__ import annotations


class LoginTrouble(Exception):
    """Base. `code` names what failed: `signature`, `nonce`, `audience`, …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IssuerSilent(LoginTrouble):
    """The issuer did not answer in time, or not as its own discovery says."""


class LoginRefused(LoginTrouble):
    """The issuer, or the person at the issuer, said no."""


class LoginForged(LoginTrouble):
    """What came back is not the issuer's, not for us, not for this login, or was changed on the way."""


class LevelTooLow(LoginTrouble):
    """The person proved less than was asked for."""
