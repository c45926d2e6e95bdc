"""What happens to the identities that people show, to what they prove and to their links."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class OwnKeysChanged(BusinessEvent):
    """The platform has new keys towards issuers of identities; `kids` names them."""

    kids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IdentityConnected(BusinessEvent):
    """A person showed an identity of elsewhere for the first time."""

    identity_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityShown(BusinessEvent):
    """They showed it again: to sign in, or before an act."""

    identity_id: int


@dataclass(frozen=True, kw_only=True)
class EntityBound(BusinessEvent):
    """An identity proves a company here: an issuer says that its holder acts for it."""

    binding_id: int


@dataclass(frozen=True, kw_only=True)
class EntityUnbound(BusinessEvent):
    """The company was struck off, or the issuer names no role for the person any more."""

    binding_id: int


@dataclass(frozen=True, kw_only=True)
class IssuerLoginRefused(BusinessEvent):
    """A sign-in at an issuer came to nothing; `why` is a code of ours, never a word of the issuer's."""

    issuer: str
    why: str
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityLinkStarted(BusinessEvent):
    """A person began to link two identities of theirs."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkRefused(BusinessEvent):
    """A step of a ceremony came to nothing; `why` is the refusal's code. Who holds an identity is not said."""

    link_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class IdentityLinkMatched(BusinessEvent):
    """Both identities are shown and the person agrees, but the names do not settle it: two officers decide."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentitiesLinked(BusinessEvent):
    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkAccepted(BusinessEvent):
    """One officer accepts it; with the word of another it holds."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkRejected(BusinessEvent):
    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkRevoked(BusinessEvent):
    """Taken back by its person: what rests on it is refused from now on."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkUndone(BusinessEvent):
    """An officer ended it; why stands on the link."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityEnded(BusinessEvent):
    """Its person disconnected it; its bindings and its link ended with it."""

    identity_id: int
