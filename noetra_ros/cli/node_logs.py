"""What the nodes print, one file each, so that the terminal stays calm."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import IO


class NodeLogs:
    """Takes the lines of a graph's nodes; give `line` to it as `on_line`.

    Args:
        folder: made where missing; older logs of the same nodes are replaced.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._files: dict[str, IO[str]] = {}
        self._lock = threading.Lock()

    def line(self, node: str, text: str) -> None:
        """Keep one line; may come from any thread."""
        with self._lock:
            if node not in self._files:
                self._files[node] = (self.folder / f"{node}.log").open("w", encoding="utf-8")
            self._files[node].write(text + "\n")
            self._files[node].flush()

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            for file in self._files.values():
                file.close()
            self._files.clear()
