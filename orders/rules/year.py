"""How a year of trade is cut into weeks, months and groups of states."""

from __future__ import annotations

from collections.abc import Mapping

#: weeks and months that plots show
WEEKS, MONTHS = 12, 12
#: sellers, buyers and products named
TOP = 5
#: days over which promised dates are looked at
PUNCTUAL_DAYS = 90
#: stock that lasts for less than this many weeks, at the pace of the last ones, runs low
LOW_WEEKS = 4

#: states that a plot shows as one, from the first step to the last
GROUPS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("placed", "freight_offered"),
    "confirmed": ("confirmed",),
    "sent": ("part_despatched", "despatched"),
    "done": ("completed",),
    "closed": ("refused", "lapsed", "cancelled"),
}
