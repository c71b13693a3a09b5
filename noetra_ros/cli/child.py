"""First code of every process that we start: binds its life to its parent's, then becomes the program.

    python -m noetra_ros.cli.child PARENT_PID kill|stop MODULE [ARGUMENTS...]

`kill`: the kernel kills the process when the parent is gone. `stop`: it is asked by SIGTERM, so that a
supervisor can stop the robot first, and killed where it has not ended after `STOP_GRACE_S`.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_GRACE_S = 5.0
EXIT_PARENT_GONE = 1


def main() -> None:
    """Bind this process to its parent, then run the module as ``__main__``."""
    parent_pid, end, module = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback out of an import
    bind_to_parent(parent_pid, end)
    sys.argv = [module, *sys.argv[4:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def bind_to_parent(parent_pid: int, end: str) -> None:
    """Make sure that this process does not outlive its parent.

    Args:
        parent_pid: who started us; where that is no longer our parent, we end at once.
        end: ``kill`` or ``stop``.
    """
    if end == "kill":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_stop_with_parent, name="parent_watch", daemon=True).start()
    if os.getppid() != parent_pid:  # it died before we could bind ourselves
        os._exit(EXIT_PARENT_GONE)


def _stop_with_parent() -> None:
    """Blocks on standard input, whose other end only the parent holds: its end is the parent's."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_GRACE_S)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
