"""Starts programs as child processes, passes on what they print, stops them in order, leaves no orphan."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

STOP_TIMEOUT_S = 5.0
KILL_TIMEOUT_S = 5.0
LAST_PRINT_S = 0.5
TAIL_LINES = 40

OnLine = Callable[[str, str], None]


@dataclass(frozen=True)
class Program:
    """A Python module to run as a process of its own.

    Attributes:
        name: what a person calls it.
        module: dotted name, run as ``__main__``.
        arguments: its command line.
        outlives_parent_to_stop: asked by SIGTERM, not killed, when we are killed (the supervisor).
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    outlives_parent_to_stop: bool = False

    def command(self) -> list[str]:
        """The command line that starts it."""
        end = "stop" if self.outlives_parent_to_stop else "kill"
        child = [sys.executable, "-m", "noetra_ros.cli.child", str(os.getpid()), end]
        return [*child, self.module, *self.arguments]


@dataclass(frozen=True)
class Ended:
    """A process that has ended.

    Attributes:
        name: of the program.
        code: exit code; -n where signal n ended it.
        tail: the last lines that it printed.
    """

    name: str
    code: int
    tail: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        if self.code < 0:
            return f"{self.name} was killed by {signal.Signals(-self.code).name}"
        return f"{self.name} ended with exit code {self.code}"


class Process:
    """One running program.

    Args:
        program: what to run.
        environment: all its variables.
        on_line: takes (name, line) for each line that it prints; called from a thread of ours.
        on_end: called once, from a thread of ours, when it has ended.
    """

    def __init__(
        self, program: Program, environment: Mapping[str, str], on_line: OnLine, on_end: Callable[[], None]
    ) -> None:
        self.program = program
        self.ended: Ended | None = None
        self._on_line, self._on_end = on_line, on_end
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        # A session of its own: Ctrl-C reaches only us, and what it starts itself can be killed with it.
        self._process = subprocess.Popen(
            program.command(),
            env=dict(environment),
            stdin=subprocess.PIPE,  # never written: its end tells the child that we are gone
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._printer = threading.Thread(target=self._pass_lines, daemon=True)
        self._waiter = threading.Thread(target=self._wait, daemon=True)
        self._printer.start()
        self._waiter.start()

    @property
    def pid(self) -> int:
        """Its process id, also that of its process group."""
        return self._process.pid

    def signal(self, number: int) -> None:
        """Send it a signal; nothing where it has ended."""
        if self.ended is None:
            self._process.send_signal(number)

    def signal_group(self, number: int) -> None:
        """Send a signal to it and to all that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def join(self, timeout_s: float) -> bool:
        """Wait for its end; true if it has come."""
        self._waiter.join(timeout_s)
        return not self._waiter.is_alive()

    def _pass_lines(self) -> None:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self._tail.append(line)
            self._on_line(self.program.name, line)

    def _wait(self) -> None:
        code = self._process.wait()
        self._printer.join(LAST_PRINT_S)
        self.ended = Ended(self.program.name, code, tuple(self._tail))
        self._on_end()


class ProcessSet:
    """Programs that live and die together.

    Args:
        environment: variables of all of them.
        on_line: takes (name, line) for each line that one prints.
    """

    def __init__(self, environment: Mapping[str, str], on_line: OnLine) -> None:
        self._environment, self._on_line = environment, on_line
        self._processes: dict[str, Process] = {}
        self._asked_to_end: set[str] = set()
        self.changed = threading.Event()

    @property
    def pids(self) -> dict[str, int]:
        """Process id of each program that was started and has not ended."""
        return {name: p.pid for name, p in self._processes.items() if p.ended is None}

    def start(self, program: Program) -> None:
        """Start a program; from the main thread, because the kernel binds a child to its thread."""
        environment = {**self._environment, "PYTHONUNBUFFERED": "1"}
        self._processes[program.name] = Process(program, environment, self._on_line, self.changed.set)

    def died(self) -> list[Ended]:
        """Those that ended without being asked by `stop`, also by `kill`."""
        ended = [p.ended for p in self._processes.values()]
        return [e for e in ended if e is not None and e.name not in self._asked_to_end]

    def kill(self, name: str, number: int = signal.SIGKILL, timeout_s: float = KILL_TIMEOUT_S) -> Ended:
        """End one program the hard way and wait for its end.

        Raises:
            TimeoutError: it is still there after `timeout_s`.
        """
        process = self._processes[name]
        process.signal_group(number)
        if not process.join(timeout_s) or process.ended is None:
            raise TimeoutError(f"{name} is still running {timeout_s:g} s after {signal.Signals(number).name}")
        return process.ended

    def stop(self, order: Sequence[str], timeout_s: float = STOP_TIMEOUT_S) -> list[Ended]:
        """Ask by SIGTERM, one after the other; who has not ended in time is killed with all it started.

        Args:
            order: names, first to end first; those that are not named come before them.
            timeout_s: s for each.

        Returns:
            Those that had to be killed, or ended badly. (SIGTERM may meet a program that has not begun.)
        """
        unnamed = [name for name in self._processes if name not in order]
        for name in [*unnamed, *(n for n in order if n in self._processes)]:
            self._stop_one(name, timeout_s)
        ends = [self._processes[name].ended for name in self._asked_to_end]
        return [e for e in ends if e is not None and e.code not in (0, -signal.SIGTERM)]

    def _stop_one(self, name: str, timeout_s: float) -> None:
        process = self._processes[name]
        if process.ended is None:
            self._asked_to_end.add(name)
            process.signal(signal.SIGTERM)
            process.join(timeout_s)
        process.signal_group(signal.SIGKILL)  # it, where it did not obey, and whatever it left behind
        process.join(KILL_TIMEOUT_S)
