"""Urgent nodes go first with every thread; a thread whose work may wait steps back."""

import os
import subprocess
import sys

import pytest

URGENT = """
import os, threading
from noetra_ros.ros.urgency import lower_thread, raise_process

def policies():
    return sorted({os.sched_getscheduler(int(entry.name)) for entry in os.scandir("/proc/self/task")})

waiting = threading.Event()
threading.Thread(target=waiting.wait, daemon=True).start()
raise_process(-3)
print(policies())
lower_thread()
print(policies())
"""


def may_be_urgent():
    """This user may ask for real-time scheduling."""
    program = "import os; os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))"
    return not subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode


@pytest.mark.skipif(not may_be_urgent(), reason="real-time scheduling is not granted here")
def test_every_thread_of_an_urgent_node_goes_first_and_one_may_step_back():
    output = subprocess.check_output([sys.executable, "-c", URGENT], text=True)
    assert output.splitlines() == [f"[{os.SCHED_RR}]", f"[{os.SCHED_OTHER}, {os.SCHED_RR}]"]


AT_EASE = """
import os
from noetra_ros.ros.urgency import at_ease, raise_process
policy = lambda: os.sched_getscheduler(0)
raise_process(-3)
print(at_ease(policy), policy())
try:
    at_ease(lambda: 1 / 0)
except ZeroDivisionError:
    print("told")
"""


@pytest.mark.skipif(not may_be_urgent(), reason="real-time scheduling is not granted here")
def test_what_an_urgent_process_does_at_ease_is_not_urgent_and_its_error_is_told():
    output = subprocess.check_output([sys.executable, "-c", AT_EASE], text=True)
    assert output.splitlines() == [f"{os.SCHED_OTHER} {os.SCHED_RR}", "told"]


SETTLED = """
import gc, weakref
from noetra_ros.ros.urgency import settle_memory

class Node:
    def __init__(self):
        self.itself = self

node = Node()
seen, before = weakref.ref(node), gc.get_freeze_count()
settle_memory()
print(before, gc.get_freeze_count() > 1000, len(gc.get_objects()) < 100)
del node
gc.collect()
print(seen() is not None)
settle_memory()
print(seen() is None)
"""


def test_what_lives_is_not_looked_at_again_until_memory_is_settled_anew():
    output = subprocess.check_output([sys.executable, "-c", SETTLED], text=True)
    assert output.split() == ["0", "True", "True", "True", "True"]
