"""Child processes: their lines, their ends, and that none is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from noetra_ros.cli.processes import Ended, ProcessSet, Program

WAIT_S = 30.0

OBEDIENT = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("up", flush=True)
while True: signal.pause()
"""
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
while True: signal.pause()
"""
# Starts a child of its own, that does not listen to SIGTERM, and tells its pid.
PARENT = """
import signal, subprocess, sys
code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
child.stdout.readline()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(f"child {child.pid}", flush=True)
while True: signal.pause()
"""
# Ends by itself when asked, but slowly: a supervisor that brings a robot to rest.
STOPPING = """
import pathlib, signal, sys
def stop(*_):
    pathlib.Path(sys.argv[1]).write_text("robot stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
while True: signal.pause()
"""
FAILING = "import sys; print('it is broken', flush=True); sys.exit(3)"


class Lines:
    """What programs print, and a way to wait for it."""

    def __init__(self):
        self.all = []
        self._news = threading.Condition()

    def take(self, name, line):
        with self._news:
            self.all.append((name, line))
            self._news.notify_all()

    def wait_for(self, name, start):
        """The first line of `name` that begins with `start`."""
        with self._news:
            found = self._news.wait_for(lambda: self._find(name, start), WAIT_S)
        assert found, f"{name} never printed {start!r}; seen: {self.all}"
        return found

    def _find(self, name, start):
        return next((line for n, line in self.all if n == name and line.startswith(start)), None)


def with_modules(folder):
    """This environment, in which the modules of `folder` can be imported."""
    path = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


@pytest.fixture
def lines():
    return Lines()


@pytest.fixture
def programs(tmp_path, lines):
    """A set, and a function that starts a source in it under a name."""
    environment = with_modules(tmp_path)
    made = ProcessSet(environment, lines.take)

    def start(name, source, *arguments, outlives=False):
        (tmp_path / f"fake_{name}.py").write_text(textwrap.dedent(source))
        made.start(Program(name, f"fake_{name}", arguments, outlives))

    made.start_source = start
    yield made
    made.stop([], timeout_s=0.1)


def is_alive(pid):
    """True: running, and not merely a zombie that its parent has not looked at."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def wait_gone(pids):
    """Waits until none of `pids` runs; gives those that still do."""
    end = time.monotonic() + WAIT_S
    while any(is_alive(pid) for pid in pids) and time.monotonic() < end:
        threading.Event().wait(0.05)
    return [pid for pid in pids if is_alive(pid)]


def test_lines_come_with_the_name_of_who_printed_them(programs, lines):
    programs.start_source("one", OBEDIENT)
    assert lines.wait_for("one", "up") == "up"


def test_stop_asks_in_order_and_nothing_is_left(programs, lines, tmp_path):
    note = "import pathlib, signal, sys\n" + OBEDIENT.replace(
        "sys.exit(0)", "(open(sys.argv[1], 'a').write(sys.argv[2]), sys.exit(0))"
    )
    order = tmp_path / "order"
    for name in ("b", "c", "a"):
        programs.start_source(name, note, str(order), name)
        lines.wait_for(name, "up")
    pids = list(programs.pids.values())
    assert programs.stop(["a", "b", "c"]) == []
    assert order.read_text() == "abc"
    assert wait_gone(pids) == [] and programs.died() == []


def test_who_does_not_obey_is_killed_and_told(programs, lines):
    programs.start_source("deaf", STUBBORN)
    lines.wait_for("deaf", "up")
    assert programs.stop(["deaf"], timeout_s=0.2) == [Ended("deaf", -signal.SIGKILL)]


def test_what_a_program_started_itself_is_ended_with_it(programs, lines):
    programs.start_source("parent", PARENT)
    grandchild = int(lines.wait_for("parent", "child").split()[1])
    assert is_alive(grandchild)
    programs.stop(["parent"])
    assert wait_gone([grandchild]) == []


def test_a_death_is_told_with_exit_code_and_last_lines(programs):
    programs.start_source("weak", FAILING)
    assert programs.changed.wait(WAIT_S)
    (ended,) = programs.died()
    assert str(ended) == "weak ended with exit code 3"
    assert ended.tail == ("it is broken",)


def test_a_kill_is_told_by_its_signal(programs, lines):
    programs.start_source("one", OBEDIENT)
    lines.wait_for("one", "up")
    assert str(programs.kill("one")) == "one was killed by SIGKILL"
    assert [e.name for e in programs.died()] == ["one"]


RUNNER = """
import os, sys
from noetra_ros.cli.processes import ProcessSet, Program
programs = ProcessSet(dict(os.environ), lambda name, line: print(name, line, flush=True))
programs.start(Program("node", "fake_node"))
programs.start(Program("supervisor", "fake_supervisor", (sys.argv[1],), outlives_parent_to_stop=True))
print("pids", *programs.pids.values(), flush=True)
programs.changed.wait()
"""


def test_nothing_survives_a_killed_parent_and_the_supervisor_stops_the_robot_first(tmp_path):
    (tmp_path / "fake_node.py").write_text(OBEDIENT)
    (tmp_path / "fake_supervisor.py").write_text(STOPPING)
    stopped = tmp_path / "stopped"
    environment = with_modules(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(stopped)], env=environment, stdout=subprocess.PIPE, text=True
    ) as runner:
        assert runner.stdout is not None
        words = [runner.stdout.readline().split() for _ in range(3)]
        pids = [int(pid) for pid in next(w for w in words if w[0] == "pids")[1:]]
        assert [is_alive(pid) for pid in pids] == [True, True]
        runner.kill()
    assert wait_gone(pids) == []
    assert stopped.read_text() == "robot stopped"
