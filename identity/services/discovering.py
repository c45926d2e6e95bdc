"""What an issuer that is about to be added says of itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from identity.connectors.issuers import LoginTrouble
from identity.connectors.issuers.wire import exchange
from kernel.errors import Refused

LONGEST = 400


class IssuerUnheard(Refused):
    code = "issuer.unheard"
    message = _(
        "No issuer of identities answers at this address. Look at the address, or say its “iss” yourself."
    )
    field = "discovery_url"


def iss_behind(discovery_url: str) -> str:
    """The `issuer` of the discovery document; raises `IssuerUnheard`. One exchange over HTTP: in no transaction."""
    try:
        said = exchange("GET", discovery_url).json().get("issuer")
    except LoginTrouble as trouble:
        raise IssuerUnheard from trouble
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST:
        raise IssuerUnheard
    return said
