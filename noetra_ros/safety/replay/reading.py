"""Reads a file of recorded calls: header, records one after the other, how it ended or where it broke."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from noetra_ros.core.errors import single_fault
from noetra_ros.safety.replay.files import blocks_of
from noetra_ros.safety.replay.header import header_of
from noetra_ros.safety.replay.packing import arguments_of, unpacked

EXPECTED = "a file calls-<UTC>-<number>.msgpack.gz that a supervisor with replay_path has written"


class Record(NamedTuple):
    """One call.

    Attributes:
        call: name of the method.
        arguments: what it was given.
        answer: plain form of what came of it; None = nothing.
    """

    call: str
    arguments: tuple[Any, ...]
    answer: Any


class Recording:
    """One file, read from begin to end once.

    Args:
        path: file.

    Raises:
        ConfigError: no such file, or no recording that can be read here.

    Attributes:
        header: of the file.
        end: why the file ended; empty = it does not say: it is being written, or a power cut ended it.
        damage: what is damaged and where; empty = nothing so far. Nothing after it is read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = self.damage = ""
        self._blocks = blocks_of(path)
        try:
            values = list(unpacked(next(self._blocks, b"")))  # the header is a block of its own
            if not values:
                raise ValueError("no whole block in it")
            self.header = header_of(values[0])
        except (OSError, ValueError) as error:
            raise single_fault("recording", str(path), str(error), EXPECTED) from None

    def records(self) -> Iterator[Record]:
        """Every call that can be read; then `end` and `damage` are known."""
        count = 0
        try:
            for value in chain.from_iterable(map(unpacked, self._blocks)):
                if isinstance(value, dict):
                    self.end = _end(value, count)
                    continue
                yield _record(value)
                count += 1
        except ValueError as error:
            self.damage = str(error)


def _record(value: Any) -> Record:
    if not (isinstance(value, list) and len(value) == 3 and isinstance(value[1], list)):
        raise ValueError("a value that is no call")
    call, arguments, answer = value
    return Record(call, arguments_of(call, arguments), answer)


def _end(value: dict[Any, Any], count: int) -> str:
    if value.get("calls") != count:
        raise ValueError(f"{count} calls, its end says {value.get('calls')}")
    return str(value.get("end"))
