"""The process that runs LeRobot: started, asked with a bound on every wait, ended with its parent."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import weakref
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.lerobot import host

HOST_FILE = Path(host.__file__)
END_WAIT_S = 5.0
TAIL_LINES = 6
TAIL_WAIT_S = 2.0
# What this environment has set for its own ROS and Python must not reach another one.
NOT_INHERITED = (
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "_ROS_WHEELS_BOOTSTRAP_COMPLETE",
)


class HostLink:
    """A running host.

    Args:
        python: interpreter of its environment.
        program: file to run; it gets the number of its socket as argument.

    Raises:
        PolicyError: it cannot be started.
    """

    def __init__(self, python: Path, program: Path = HOST_FILE) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        here, there = socket.socketpair()
        with there:
            try:
                self._process = subprocess.Popen(
                    [str(python), str(program), str(there.fileno())],
                    pass_fds=[there.fileno()],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                )
            except OSError as error:
                here.close()
                raise PolicyError(f"{python} does not start: {error}") from error
        self._link = here
        self._lines: deque[bytes] = deque(maxlen=TAIL_LINES)
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=_drain, args=(self._process.stdout, self._lines), daemon=True)
        self._reader.start()
        self._finalizer = weakref.finalize(self, _end, here, self._process, END_WAIT_S)

    def __enter__(self) -> HostLink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_running(self) -> bool:
        """The process is there and can be asked."""
        return self._link.fileno() >= 0 and self._process.poll() is None

    def ask(
        self, timeout_s: float, fields: Mapping[str, Any], arrays: host.Arrays | None = None
    ) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Send a request and wait for its answer.

        Args:
            timeout_s: bound on the wait; a host that lets it pass is ended, for its answer would come late.
            fields: plain values.
            arrays: arrays by name.

        Raises:
            PolicyError: the host reports an error, has ended, or does not answer in time.
        """
        if not self.is_running:
            raise PolicyError(f"the LeRobot process is not running{self.tail()}")
        self._link.settimeout(timeout_s)
        try:
            host.send(self._link, fields, arrays)
            answer, values = host.receive(self._link)
        except TimeoutError:
            self.close(patience_s=0.0)
            raise PolicyError(
                f"the LeRobot process did not answer within {timeout_s:g} s and was ended"
            ) from None
        except (OSError, EOFError, ValueError, json.JSONDecodeError) as error:
            words = f"the LeRobot process has failed: {error}{self.tail()}"
            self.close()
            raise PolicyError(words) from error
        if "error" in answer:
            raise PolicyError(f"LeRobot: {answer['error']}")
        return answer, values

    def tail(self) -> str:
        """The last lines that the process has written, for messages."""
        self._reader.join(TAIL_WAIT_S)  # a process that has failed is about to end: so does its output
        lines = [line.decode(errors="replace").rstrip() for line in list(self._lines)]
        return "\n  " + "\n  ".join(lines) if lines else ""

    def close(self, patience_s: float = END_WAIT_S) -> None:
        """End the process: it ends by itself once its socket is closed, and is killed where it does not.

        Args:
            patience_s: s that it is given for that.
        """
        self._finalizer.detach()
        _end(self._link, self._process, patience_s)


def _drain(written: IO[bytes], lines: deque[bytes]) -> None:
    """Keep the last lines that a process writes; it must never wait for a reader."""
    with written:
        lines.extend(written)


def _end(link: socket.socket, process: subprocess.Popen[bytes], patience_s: float) -> None:
    link.close()
    try:
        process.wait(timeout=patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
