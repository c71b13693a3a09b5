"""What `noetra run` shows at a terminal while a task runs: one calm line, and why the robot was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.status import Status

from noetra_ros.core.wording import Wording

if TYPE_CHECKING:
    from noetra_ros.msg import SafetyState

STOPPED = ("protective_stop", "emergency_stop", "fault")
# They change commands beside the check that stops.
NEVER_WHY = ("limiter", "projection")


@dataclass(frozen=True)
class Task:
    """What is asked for.

    Attributes:
        instruction: sentence.
        time_limit_s: s of robot time.
        arm: arm the supervisor first.
    """

    instruction: str
    time_limit_s: float
    arm: bool


class Screen:
    """Tells a task in one or more languages.

    Args:
        console: where.
        task: what was asked for.
        wordings: languages.
    """

    def __init__(self, console: Console, task: Task, wordings: Sequence[Wording]) -> None:
        self._console, self._task, self._wordings = console, task, wordings
        self._line: Status | None = None
        self._mode = ""

    @contextmanager
    def _live(self) -> Any:
        with self._console.status(self._task.instruction) as self._line:
            yield
        self._line = None

    @contextmanager
    def _piped(self) -> Any:
        yield

    def progress(self) -> AbstractContextManager[None]:
        """A live line on a terminal, nothing in a pipe."""
        return self._live() if self._console.is_terminal else self._piped()

    def tell(self, name: str, style: str, **values: str) -> None:
        """Print a template of `RunWords` in each language."""
        for wording in self._wordings:
            self._console.print(getattr(wording.run, name).format(**values), style=style, markup=False)

    def tell_end(self, end: str, time_s: float, detail: str, style: str) -> None:
        """The last line; `end` is a name of RunTask.Result.END_*."""
        for wording in self._wordings:
            words = wording.run.ends.get(end, end)
            line = wording.run.ended.format(end=words, time=f"{time_s:.1f}", detail=detail)
            self._console.print(line, style=style, markup=False)

    def show(self, safety: SafetyState, elapsed_s: float) -> None:
        """The state of the supervisor now: on the line, and each new stop with its reason in plain words."""
        from noetra_ros.ros.message_words import mode_name  # rclpy: not for `noetra --help`

        mode = mode_name(safety.mode)
        if mode != self._mode and mode in STOPPED:
            for wording in self._wordings:
                words = stop_words(wording, mode, safety.active_checks)
                self._console.print(words, style="yellow", markup=False)
        self._mode = mode
        if self._line is not None:
            line = progress_line(self._wordings[0], self._task, elapsed_s, mode, safety.is_armed)
            self._line.update(line.replace("[", "\\["))


def progress_line(wording: Wording, task: Task, elapsed_s: float, mode: str, is_armed: bool) -> str:
    """Sentence, time, what the supervisor does."""
    line = wording.run.line.format(
        instruction=task.instruction,
        elapsed=f"{elapsed_s:4.1f}",
        limit=f"{task.time_limit_s:g}",
        mode=wording.mode(mode),
    )
    return line if is_armed else f"{line}{wording.run.not_armed}"


def stop_words(wording: Wording, mode: str, active_checks: Sequence[str]) -> str:
    """Why the robot was stopped and what can be done, in plain words.

    Args:
        wording: language.
        mode: name of SafetyState.MODE_*, small letters.
        active_checks: as the supervisor tells them.
    """
    check = next((name for name in active_checks if name not in NEVER_WHY), "")
    about = wording.check(check)
    return wording.run.stopped.format(mode=wording.mode(mode), why=about.why, do=about.do)
