"""An urgent process keeps its pages where that is granted, and loses nothing where it is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from noetra_ros.ros.kept_in_memory import is_locking_granted

ABOUT_MEMORY = """
import mmap, os, resource, sys
from noetra_ros.ros.kept_in_memory import is_locking_granted, lock_memory

def kib(name, text):
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name + ":"))

def own(name):
    return kib(name, open("/proc/self/status").read())

def mapping(path):
    return open("/proc/self/smaps").read().split(path)[1]
"""

GRANTED = """
library = open(sys.argv[1], "rb")
mapped = mmap.mmap(library.fileno(), 0, prot=mmap.PROT_READ)
before = kib("Rss", mapping(sys.argv[1]))
print(lock_memory(), before, kib("Rss", mapping(sys.argv[1])), kib("Locked", mapping(sys.argv[1])))
used_kib = own("VmRSS")
set_aside = mmap.mmap(-1, 256 << 20)
print(own("VmRSS") - used_kib < 16 << 10)
"""

REFUSED = """
resource.setrlimit(resource.RLIMIT_MEMLOCK, (1 << 16, 1 << 16))
if os.getuid() == 0:
    os.setuid(65534)
print(is_locking_granted(), lock_memory(), own("VmLck"), len(bytearray(64 << 20)))
"""


SPARED = """
from pathlib import Path
from noetra_ros.ros.kept_in_memory import end_last
adjusted = Path("/proc/self/oom_score_adj")
print(end_last(), adjusted.read_text())
"""


def told(program, *arguments):
    return subprocess.check_output([sys.executable, "-c", ABOUT_MEMORY + program, *arguments], text=True)


@pytest.mark.skipif(not is_locking_granted(), reason="locked memory is not granted here")
def test_code_that_was_never_run_is_kept_and_memory_that_is_not_used_is_not_taken(tmp_path):
    library = tmp_path / "library"
    library.write_bytes(bytes(4 << 20))
    assert told(GRANTED, str(library)).split() == ["True", "0", "4096", "4096", "True"]


def test_where_it_is_not_granted_nothing_is_locked_and_memory_can_be_had():
    assert told(REFUSED).split() == ["False", "False", "0", str(64 << 20)]


def test_it_ends_last_where_that_is_granted_and_as_all_others_elsewhere():
    is_granted, adjusted = told(SPARED).split()
    assert (is_granted, adjusted) in (("True", "-900"), ("False", usual()))


def usual():
    return Path("/proc/self/oom_score_adj").read_text().strip()
