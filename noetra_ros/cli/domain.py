"""A ROS domain that nobody else on this machine uses, so that two runs cannot hear each other."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

from noetra_ros.core.errors import NoetraError

# Domains whose UDP ports lie below Linux's ephemeral ports (ROS 2 documentation); 0 is everybody's default.
DOMAINS = range(1, 102)
# DDSI-RTPS 9.6.2.3: discovery port of participant 0.
PORT_BASE, PORTS_EACH, FIRST_UNICAST = 7400, 250, 10


class PrivateDomain:
    """Holds one free domain until it is released or this process ends.

    Raises:
        NoetraError: every domain is taken.
    """

    def __init__(self) -> None:
        candidates = list(DOMAINS)
        random.SystemRandom().shuffle(candidates)
        for number in candidates:
            lock = _lock(number)
            if lock is None:
                continue
            if _is_port_free(number):
                self.number, self._lock = number, lock
                return
            os.close(lock)
        raise NoetraError(
            f"no free ROS domain in {DOMAINS.start}..{DOMAINS.stop - 1}: end other graphs first"
        )

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _lock(number: int) -> int | None:
    """A locked file of that domain; None where another of our runs holds it."""
    path = Path(tempfile.gettempdir()) / f"noetra_domain_{os.getuid()}_{number}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _is_port_free(number: int) -> bool:
    """False where a participant of any program is in that domain on this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", PORT_BASE + PORTS_EACH * number + FIRST_UNICAST))
        except OSError:
            return False
    return True
