"""The programme office's desk at /operator/: companies and claims, recognition, and the identities that people have shown."""

from identity.admin import desk, linked, recognition

__all__ = ["desk", "linked", "recognition"]
