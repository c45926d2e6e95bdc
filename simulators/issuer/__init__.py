"""Issuers of government identities, played by one program. They prove nobody's identity and are no authority.

A Singapore one speaks as Corppass does, or for people alone as Singpass (FAPI 2.0); a Shenzhen one is an OIDC issuer of the same strictness whose
assertions are signed once more with SM2 over SM3. They refuse what real ones refuse.

profile    what differs between the two
people     the demonstration's people and companies
books      what was pushed, granted and seen before: one file
hub        the public keys of the hub
checks     client assertions and DPoP proofs
desk       what becomes of each request
tokens     what is said of who signed in
keys       what the issuer signs with
faults     how it misbehaves where a test wants it to
pages      what a person sees
site       the addresses
"""
