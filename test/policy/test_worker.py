"""One thread for the model; the newest observation wins."""

import threading

import pytest

from noetra_ros.policy.worker import InferenceWorker


@pytest.fixture
def worker():
    made = InferenceWorker()
    yield made
    assert made.close()


def test_everything_runs_on_one_thread(worker):
    names = {worker.call(threading.get_ident).result(timeout=5) for _ in range(3)}
    done = threading.Event()
    worker.submit(lambda: (names.add(threading.get_ident()), done.set()))
    assert done.wait(5)
    assert len(names) == 1 and threading.get_ident() not in names


def test_an_exception_reaches_the_caller(worker):
    with pytest.raises(ZeroDivisionError):
        worker.call(lambda: 1 / 0).result(timeout=5)


def test_the_newest_job_takes_the_place_of_one_that_has_not_begun(worker):
    is_busy, go_on, ran = threading.Event(), threading.Event(), []
    worker.submit(lambda: (is_busy.set(), go_on.wait(5)))
    assert is_busy.wait(5)
    has_ended = threading.Event()
    worker.submit(lambda: ran.append("old"))
    worker.submit(lambda: ran.append("older than the last"))
    worker.submit(lambda: (ran.append("newest"), has_ended.set()))
    go_on.set()
    assert has_ended.wait(5)
    assert ran == ["newest"] and worker.replaced == 2


def test_a_dropped_job_never_runs(worker):
    is_busy, go_on, ran = threading.Event(), threading.Event(), []
    worker.submit(lambda: (is_busy.set(), go_on.wait(5)))
    assert is_busy.wait(5)
    worker.submit(lambda: ran.append("late"))
    worker.drop()
    go_on.set()
    assert worker.close() and ran == []
