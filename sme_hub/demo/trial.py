"""What one visitor has tried: since when, and as whose companies. Kept in the session while they change persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

TRIAL = "demo_trial"


@dataclass(frozen=True)
class Trial:
    since: datetime
    #: slugs
    companies: tuple[str, ...] = ()

    def joined_by(self, company: str) -> Trial:
        """The same trial, with this company in it."""
        if not company or company in self.companies:
            return self
        return Trial(self.since, (*self.companies, company))


def trial_of(request: HttpRequest) -> Trial:
    """The visitor's trial; one that begins now where there is none yet."""
    kept: Any = request.session.get(TRIAL) or {}
    since = parse_datetime(str(kept.get("since", "")))
    return Trial(since or timezone.now(), tuple(kept.get("companies", ())))


def keep_trial(request: HttpRequest, trial: Trial) -> None:
    request.session[TRIAL] = {"since": trial.since.isoformat(), "companies": list(trial.companies)}
