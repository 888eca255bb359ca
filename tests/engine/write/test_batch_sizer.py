"""How many jobs a batch is held open for."""

from onduty_server.engine.write.batch_sizer import JOBS_MOST, TRIED_AGAIN_AFTER, BatchSizer


def test_nobody_is_waited_for_at_first():
    """The first batch is committed at once."""
    assert BatchSizer().enough == 0


def test_most_of_those_who_were_about_are_waited_for():
    """Four fifths of the jobs of the last batch and of those that came during its commit."""
    sizer = BatchSizer()
    sizer.committed(6, 4, in_vain=False, busy=False)

    assert sizer.enough == 8


def test_who_is_alone_waits_for_nobody():
    """One job at a time is never held up, however busy the process is."""
    sizer = BatchSizer()
    for _ in range(1_000):
        sizer.committed(1, 0, in_vain=False, busy=True)

        assert sizer.enough == 0


def test_a_busy_process_tries_for_more():
    """While there is no CPU time to spare, and all come who are waited for, batches grow up to the bound."""
    sizer = BatchSizer()
    sizer.committed(5, 0, in_vain=False, busy=True)
    sizes = [sizer.enough]
    while sizer.enough < JOBS_MOST:
        sizer.committed(sizer.enough, 0, in_vain=False, busy=True)
        sizes.append(sizer.enough)

    assert sizes == sorted(set(sizes))
    assert sizes[-1] == JOBS_MOST


def test_a_process_with_time_to_spare_does_not_try():
    """Then a small batch costs nobody anything."""
    sizer = BatchSizer()
    for _ in range(100):
        sizer.committed(10, 0, in_vain=False, busy=False)

    assert sizer.enough == 8


def test_waiting_in_vain_is_learned_from():
    """What was too much is given up at once, and not tried again for long."""
    sizer = BatchSizer()
    while sizer.enough < 64:
        sizer.committed(max(sizer.enough, 5), 0, in_vain=False, busy=True)
    sizer.committed(20, 0, in_vain=True, busy=True)
    assert sizer.enough == 16
    for _ in range(TRIED_AGAIN_AFTER - 1):
        sizer.committed(16, 0, in_vain=False, busy=True)
        assert sizer.enough == 16
    sizer.committed(16, 0, in_vain=False, busy=True)

    assert sizer.enough == 21


def test_more_who_come_by_themselves_are_waited_for_at_once():
    """Between trials the number still follows what is about."""
    sizer = BatchSizer()
    sizer.committed(10, 0, in_vain=True, busy=True)
    sizer.committed(10, 40, in_vain=False, busy=True)

    assert sizer.enough == 40


def test_a_pause_forgets_everybody():
    """After a quiet moment the next one is not held up."""
    sizer = BatchSizer()
    sizer.committed(10, 0, in_vain=False, busy=False)
    sizer.idle()

    assert sizer.enough == 0
