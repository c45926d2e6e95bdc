"""The programme office's desk at /operator/: companies and claims, recognition, the identities that people have shown, and
companies that may be on a list.
"""

from identity.admin import desk, linked, recognition, screening

__all__ = ["desk", "linked", "recognition", "screening"]
