"""What the nodes print: each line after the coloured name of its node, where asked in files too."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TextIO

RESET = "\x1b[0m"
BOLD_RED, YELLOW, GREY = "\x1b[1;31m", "\x1b[33m", "\x1b[90m"
NODE_COLOURS = {
    "supervisor": "\x1b[35m",
    "sim": "\x1b[34m",
    "streamer": "\x1b[36m",
    "policy": "\x1b[32m",
}
LEVEL_COLOURS = {"DEBUG": GREY, "WARN": YELLOW, "ERROR": BOLD_RED, "FATAL": BOLD_RED}
NAME_WIDTH = max(len(name) for name in NODE_COLOURS)


class ConsoleLog:
    """Writes lines of several threads, whole and in order.

    Args:
        stream: where to; colours only where it is a terminal and NO_COLOR is not set.
        folder: a file for each node is written there; None = none.
    """

    def __init__(self, stream: TextIO = sys.stdout, folder: Path | None = None) -> None:
        self._stream, self._folder = stream, folder
        self._has_colours = stream.isatty() and not os.environ.get("NO_COLOR")
        self._lock = threading.Lock()
        self._files: dict[str, TextIO] = {}

    def line(self, name: str, text: str) -> None:
        """A line that the node `name` printed."""
        colour = NODE_COLOURS.get(name, "")
        head = self._coloured(f"{name:<{NAME_WIDTH}} |", colour)
        level = text.partition(" ")[0]
        with self._lock:
            self._write(f"{head} {self._coloured(text, LEVEL_COLOURS.get(level, ''))}")
            if self._folder is not None:
                self._file(name).write(text + "\n")

    def note(self, text: str, is_error: bool = False) -> None:
        """A line of our own."""
        with self._lock:
            self._write(self._coloured(text, BOLD_RED if is_error else ""))

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            for file in self._files.values():
                file.close()
            self._files.clear()
            self._folder = None

    def _write(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    def _coloured(self, text: str, colour: str) -> str:
        return f"{colour}{text}{RESET}" if self._has_colours and colour else text

    def _file(self, name: str) -> TextIO:
        assert self._folder is not None, "the caller has looked"
        if name not in self._files:
            self._files[name] = (self._folder / f"{name}.log").open("w", encoding="utf-8", buffering=1)
        return self._files[name]
