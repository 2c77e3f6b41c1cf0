"""The mode of a running daemon: SIGHUP takes the change over, against a real Dovecot."""

import signal

import pytest

from tests.journeys.post import CUSTOMER, mail
from tests.journeys.test_real_dovecot import Station, station, wait_for  # noqa: F401  the fixture

pytestmark = [pytest.mark.dovecot, pytest.mark.slow]


def test_sighup_begins_to_send_and_leaves_the_old_alone(station: Station) -> None:  # noqa: F811
    """Observing sends nobody anything; after SIGHUP new mail is acknowledged, and what came before is not."""
    _, box = station.mailbox()
    observing = station.config.replace("poll_seconds", 'mode = "observe"\npoll_seconds')
    station.write(observing)
    process = station.start()
    box.deliver(mail())
    wait_for(lambda: station.rows("select * from journal where state = 'filed'"), station)

    station.write(observing.replace('mode = "observe"', 'mode = "live"'))
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: "the mode is live" in station.log(), station)
    box.deliver(mail(sender="wu@mail-w.example"))
    wait_for(lambda: station.sent_to("wu@mail-w.example"), station)

    assert station.stop() == 0
    assert station.sent_to(CUSTOMER) == []
