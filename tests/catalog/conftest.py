from __future__ import annotations

from tests import factories as people
from tests.around import at_hand

people_at_hand = at_hand(people.alice)
