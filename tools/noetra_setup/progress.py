"""One calm line for each step; the details go to a log file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TAIL_LINES = 25
REFRESH_S = 0.5
ANNOUNCE_AFTER_S = 10.0  # without a terminal: a step this long says that it is under way


class StepError(RuntimeError):
    """A command of a step ended with an error; the message holds the end of its output."""


class Progress:
    """Shows steps at the terminal and keeps their output.

    Args:
        log_path: file for the output of all commands of this run.
    """

    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self.is_terminal = sys.stdout.isatty()

    def note(self, name: str, text: str) -> None:
        """A line without a command behind it."""
        print(f"  {name:<10} {text}", flush=True)

    def run(
        self, name: str, text: str, command: Sequence[str], environ: Mapping[str, str], folder: Path
    ) -> None:
        """Runs a command; shows what it is for and how long it takes.

        Raises:
            StepError: exit status not 0.
        """
        began_s = time.monotonic()
        with self.log_path.open("ab") as log:
            log.write(f"\n$ {' '.join(command)}\n".encode())
            log.flush()
            mark = log.tell()
            process = subprocess.Popen(
                list(command), env=dict(environ), cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            status = self._wait(process, name, text, began_s)
        duration_s = time.monotonic() - began_s
        if status != 0:
            print(f"{self._start()}  {name:<10} {text}: failed", flush=True)
            raise StepError(f"{name}: {text} failed ({status}). End of {self.log_path}:\n{self._tail(mark)}")
        print(f"{self._start()}  {name:<10} {text}: {duration_s:.1f} s", flush=True)

    def _wait(self, process: subprocess.Popen, name: str, text: str, began_s: float) -> int:
        is_announced = False
        while True:
            try:
                return process.wait(timeout=REFRESH_S)
            except subprocess.TimeoutExpired:
                elapsed_s = time.monotonic() - began_s
            if self.is_terminal:
                print(f"{self._start()}  {name:<10} {text}: {elapsed_s:.0f} s ...", end="", flush=True)
            elif elapsed_s > ANNOUNCE_AFTER_S and not is_announced:
                self.note(name, f"{text} ...")
                is_announced = True

    def _start(self) -> str:
        return "\r\x1b[K" if self.is_terminal else ""

    def _tail(self, mark: int) -> str:
        with self.log_path.open("rb") as log:
            log.seek(mark)
            lines = log.read().decode(errors="replace").splitlines()
        return os.linesep.join(f"    {line}" for line in lines[-TAIL_LINES:])
