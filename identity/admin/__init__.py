"""The programme office's desk at /operator/: companies and claims, recognition, the identities that people have shown, and
companies that may be on a list, and bank accounts that a second person confirms.
"""

from identity.admin import banking, desk, frameworks, issuers, linked, policies, requirements, screening

__all__ = ["banking", "desk", "frameworks", "issuers", "linked", "policies", "requirements", "screening"]
