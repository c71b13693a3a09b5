"""Keeps an urgent process and its pages in memory when others want all of it.

A page that was taken back costs a read of the disk. Linux takes back what was not touched for long, code
first: it can be read again. The code that answers the first silence after a quiet hour is such code, and to
read it takes milliseconds, or as long as the disk is busy. `man 2 mlock` has the terms; ros2_control's
controller manager does the same (`lock_memory`).
"""

from __future__ import annotations

import contextlib
import ctypes
import resource
from pathlib import Path

MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
CAP_IPC_LOCK = 14  # linux/capability.h
SPARED = -900  # man 5 proc_pid_oom_score_adj: 0 is usual, -1000 would be never
ALL_USERS = ["0", "0", "4294967295"]  # uid_map outside of any user namespace


def lock_memory() -> bool:
    """Keep every page that this process has touched, or will, and all code and constants of its libraries,
    those that were never touched, too. Memory that is set aside and not used takes none. False: it is not
    granted, and nothing was done.
    """
    if not is_locking_granted():
        return False
    _raise_own_limit()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0:
        return False
    for begin, end in _file_pages():
        libc.mlock(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin))
    return True


def end_last() -> bool:
    """Where no memory is left, Linux ends the process that it gains most by; others are to go before this
    one: a policy that ends is answered by a stop, a supervisor that ends leaves it to the controller's
    time-out. False: it is not granted (CAP_SYS_RESOURCE).
    """
    try:
        Path("/proc/self/oom_score_adj").write_text(f"{SPARED}\n", encoding="ascii")
    except OSError:
        return False
    return True


def is_locking_granted() -> bool:
    """This user may lock as much as there is. A limit would not do: what is asked for beyond it, now or
    later, is refused, and a process that gets no memory dies.
    """
    return resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] == resource.RLIM_INFINITY or _has_capability()


def _has_capability() -> bool:
    """Root of a container of its own users has it by name; Linux holds that one to its limit all the same."""
    with contextlib.suppress(OSError, ValueError):
        users = Path("/proc/self/uid_map").read_text().split()
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("CapEff:"):
                return users == ALL_USERS and bool(int(line.split()[1], 16) >> CAP_IPC_LOCK & 1)
    return False


def _raise_own_limit() -> None:
    """As far as this user may."""
    hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))


def _file_pages() -> list[tuple[int, int]]:
    """Begin and end of what is mapped from files to be read or run, not to be written."""
    pages = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, rights, _, _, inode, *_ = line.split()
        if rights[0] == "r" and rights[1] != "w" and inode != "0":
            begin, end = (int(address, 16) for address in span.split("-"))
            pages.append((begin, end))
    return pages
