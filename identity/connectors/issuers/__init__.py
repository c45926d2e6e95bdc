"""The wire to issuers of government identities, as a relying party of FAPI 2.0.

    GET   <discovery_url>      where the rest is
    GET   <jwks_uri>           its keys; asked once more for an unknown `kid`
    POST  <par>                the request, pushed beforehand: client assertion, PKCE, nonce, DPoP   (RFC 9126, 7636, 9449)
    …     the browser is sent to the issuer and comes back with `code`, `state` and `iss`            (RFC 9207)
    POST  <token>              the code, the verifier, a DPoP proof by the same key → id_token (JWE around JWS)
    GET   <userinfo>           what the person may do for the company, by the same key

Everything that an issuer sends is checked before it becomes a `VerifiedLogin`. What is unlike what was asked for is
`LoginForged`; who does not answer in time is `IssuerSilent`.
"""

from identity.connectors.issuers.client import Attempt, Exchange, HubKeys
from identity.connectors.issuers.login import Authorisation, Entity, IssuerRow, VerifiedLogin
from identity.connectors.issuers.troubles import (
    IssuerSilent,
    LevelTooLow,
    LoginForged,
    LoginRefused,
    LoginTrouble,
)

__all__ = [
    "Attempt",
    "Authorisation",
    "Entity",
    "Exchange",
    "HubKeys",
    "IssuerRow",
    "IssuerSilent",
    "LevelTooLow",
    "LoginForged",
    "LoginRefused",
    "LoginTrouble",
    "VerifiedLogin",
]
