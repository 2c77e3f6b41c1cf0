"""The verbs that are carried out."""

from maild.domain.verbs import VERBS as TABLE
from maild.workflow.deeds.table import DEEDS


def test_every_verb_in_force_is_carried_out() -> None:
    """What the reading of replies may act upon has a function, and nothing else has one."""
    in_force = {verb.name for verb in TABLE if verb.in_force} - {"confirm", "send-anyway", "on-behalf"}

    assert set(DEEDS) == in_force
