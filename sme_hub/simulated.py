"""What is real here, what only follows the rules of the real thing, and what is played by a program of ours.

One row a party or service that people might take for real. Whoever brings a simulator adds its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class Truth(StrEnum):
    #: does what its name says
    REAL = "real"
    #: real rules or data, but nobody outside is asked
    OFFLINE = "offline"
    #: played by a program of ours
    SIMULATED = "simulated"


WORDS = {Truth.REAL: _("Real"), Truth.OFFLINE: _("Not connected"), Truth.SIMULATED: _("Simulated")}
TONES = {Truth.REAL: "success", Truth.OFFLINE: "", Truth.SIMULATED: "warning"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row of the page."""

    name: Any
    truth: Truth
    #: what that means for who reads
    says: Any
    #: whether this copy has it at all
    here: Callable[[], bool] = lambda: True

    @property
    def word(self) -> Any:
        return WORDS[self.truth]

    @property
    def tone(self) -> str:
        return TONES[self.truth]


def _room(name: str) -> Callable[[], bool]:
    return lambda: apps.is_installed(name)


PARTS = (
    Part(
        name=_("Companies, goods and prices"),
        truth=Truth.SIMULATED,
        says=_(
            "Made up for the demonstration, with the people of the demo accounts. No such company exists."
        ),
        here=lambda: settings.DEMO,
    ),
    Part(
        name=_("Orders, stock, papers and their numbers"),
        truth=Truth.REAL,
        says=_(
            "Kept, counted and numbered as they would be in trade. Papers are drawn from the order itself."
        ),
    ),
    Part(
        name=_("Payment between companies"),
        truth=Truth.OFFLINE,
        says=_(
            "No money moves here. Buyers pay by bank transfer outside the platform; the seller records what arrived."
        ),
    ),
    Part(
        name=_("Company registers (ACRA, SAMR)"),
        truth=Truth.OFFLINE,
        says=_(
            "The check letters of registration numbers are computed by the registers' own rules. The registers "
            "themselves are not asked: an officer looks at the evidence that a company sends."
        ),
    ),
    Part(
        name=_("The bank"),
        truth=Truth.SIMULATED,
        says=_(
            "Offers of invoice finance come from a program of ours that answers like a bank. No bank takes part, no "
            "credit is given and no claim is assigned."
        ),
        here=_room("financing"),
    ),
    Part(
        name=_("The arbitration desk (SCIA)"),
        truth=Truth.SIMULATED,
        says=_(
            "Settlements go to a program of ours that answers with a made-up award number. The Shenzhen Court of "
            "International Arbitration takes no part, and no such award can be enforced."
        ),
        here=_room("disputes"),
    ),
    Part(
        name=_("E-mail"),
        truth=Truth.SIMULATED,
        says=_(
            "Letters are written but do not leave: they are kept in this copy, where everybody can read them."
        ),
        here=lambda: settings.DEV_MAIL,
    ),
    Part(
        name=_("E-mail"),
        truth=Truth.REAL,
        says=_("Letters leave by a mail server."),
        here=lambda: not settings.DEV_MAIL,
    ),
    Part(
        name=_("Signing in, passkeys and codes"),
        truth=Truth.REAL,
        says=_(
            "Work as anywhere else. Singpass, Corppass and the Guangdong identity service are not connected."
        ),
    ),
    Part(
        name=_("Government identities (Singpass, Corppass, Guangdong)"),
        truth=Truth.SIMULATED,
        says=_(
            "They come from three programs of ours that answer as Singpass, Corppass and the identity service of Guangdong "
            "would. They prove nobody’s identity: people, numbers and levels of assurance are made up."
        ),
        here=lambda: bool(settings.ISSUERS),
    ),
    Part(
        name=_("Exchange rates, tariff codes, taxes"),
        truth=Truth.OFFLINE,
        says=_(
            "Published figures of a stated date, for orientation. Nothing is asked for at the moment of the order, and "
            "customs alone decide."
        ),
    ),
    Part(
        name=_("Government and programme"),
        truth=Truth.OFFLINE,
        says=_(
            "A demonstrator. No ministry, city or authority of Singapore or China operates or endorses this copy."
        ),
    ),
)


def parts() -> list[Part]:
    """The rows that hold for this copy."""
    return [part for part in PARTS if part.here()]
