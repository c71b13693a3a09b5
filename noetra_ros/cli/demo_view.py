"""What a person at the terminal sees of the demo: its steps, one line each, as they come true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

PENDING, RUNNING, DONE, FAILED = "pending", "running", "done", "failed"
SIGNS = {PENDING: "[dim]·[/dim]", DONE: "[green]✓[/green]", FAILED: "[red]✗[/red]"}


@dataclass(frozen=True)
class Step:
    """One line."""

    title: str
    state: str = PENDING
    words: str = ""


class DemoView:
    """Steps that change in place at a terminal, and are printed as they end elsewhere.

    Args:
        head: one line above them.
        titles: of the steps, in order.
    """

    def __init__(self, head: str, titles: Sequence[str]) -> None:
        self.console = Console()
        self._head = head
        self._steps = [Step(title) for title in titles]
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(
            get_renderable=self._draw, console=self.console, refresh_per_second=8, transient=False
        )

    def __enter__(self) -> DemoView:
        if self.console.is_terminal:
            self._live.start()
        else:
            self.console.print(self._head)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running = next((i for i, s in enumerate(self._steps) if s.state == RUNNING), None)
        if error is not None and running is not None:
            self._steps[running] = replace(self._steps[running], state=FAILED, words="")
        if self._live.is_started:
            self._live.stop()

    def begin(self, number: int, words: str = "") -> None:
        """A step begins, or has something new to say."""
        self._steps[number] = replace(self._steps[number], state=RUNNING, words=words)

    def end(self, number: int, is_ok: bool, words: str = "") -> None:
        """A step has ended."""
        step = replace(self._steps[number], state=DONE if is_ok else FAILED, words=words)
        self._steps[number] = step
        if not self._live.is_started:
            self.console.print(f"{'ok  ' if is_ok else 'FAIL'} {step.title}: {words}", highlight=False)

    def _draw(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=2)
        table.add_column(no_wrap=True)
        table.add_column()
        for step in self._steps:
            sign: RenderableType = (
                self._spinner if step.state == RUNNING else Text.from_markup(SIGNS[step.state])
            )
            style = "dim" if step.state == PENDING else ""
            table.add_row(sign, Text(step.title, style=style), Text(step.words, style="dim"))
        return Group(Text(self._head, style="bold"), Text(), table, Text())
