"""Writes an audit log: records in, chained lines in numbered files out, signed now and then."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from noetra_ros.core.errors import NoetraError
from noetra_ros.safety.audit.checkpoints import HEAD_FILE, Head, checkpoint_record
from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.lines import FIRST_LINK, link_of, record_of, write_line
from noetra_ros.safety.audit.segments import DAY_NS, Segment, outdated, segment_path, segments_of
from noetra_ros.safety.audit.verification import RETIRED

PUBLIC_KEY_FILE = "public_key.pem"
SEGMENT_BYTES = 16 * 1024 * 1024


class BrokenAuditLogError(NoetraError):
    """A log that does not reach its own head; it is not written on."""


class AuditLog:
    """Appends records; goes on with the log that is there. Not thread safe: one writer.

    What a power cut has torn off the end is cut and said so (`recovered`), as long as everything that was
    signed is there. A new file begins each day and at `segment_bytes`; old ones go as retention says, and a
    record tells that they did.

    Args:
        folder: of the log; made.
        key: signs the checkpoints; its public half is put beside the log.
        retention_days: how long records are kept.
        segment_bytes: length from which a new file begins.
        utc_ns: wall clock.

    Raises:
        BrokenAuditLogError: signed records are missing or changed.
        OSError: the folder cannot be written to.
    """

    def __init__(
        self,
        folder: Path,
        key: SigningKey,
        retention_days: int,
        segment_bytes: int = SEGMENT_BYTES,
        utc_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._folder, self._key, self._utc_ns = folder, key, utc_ns
        self._retention_days, self._segment_bytes = retention_days, segment_bytes
        folder.mkdir(parents=True, exist_ok=True)
        segments = segments_of(folder)
        self._number = segments[-1].number if segments else 1
        self._sequence, self._link = 0, FIRST_LINK
        cut_bytes = self._find_end(segments) if segments else 0
        self._put_key_beside()  # not before: the key of a log is evidence
        self._open()
        if cut_bytes:
            self.append({"kind": "recovered", "cut_bytes": cut_bytes})
        if cut_bytes or not (folder / HEAD_FILE).exists():
            self.checkpoint()
        self._retire()

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one record; its values are JSON types, NaN is written as null by the caller.

        Raises:
            OSError: it could not be written; the log has to be opened anew before it is used again.
        """
        line, link = write_line(self._sequence, self._link, record)
        self._file.write(line)
        self._file.flush()
        self._sequence, self._link = self._sequence + 1, link

    def checkpoint(self, is_end: bool = False) -> None:
        """Sign what has been written and bring it to the disk; begin a new file where one is due.

        Raises:
            OSError: see `append`.
        """
        utc_ns = self._utc_ns()
        self.append(checkpoint_record(self._key, self._sequence, self._link, utc_ns, is_end))
        os.fsync(self._file.fileno())
        Head.made(self._key, self._sequence - 1, self._link).write(self._folder)
        is_full = self._file.tell() >= self._segment_bytes or utc_ns // DAY_NS != self._begun_day
        if is_full and not is_end:
            self._file.close()
            self._number += 1
            self._open()
            self._retire()

    def close(self) -> None:
        """Sign the end."""
        try:
            self.checkpoint(is_end=True)
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Let go of the file after an error; what its buffer still holds cannot be written either."""
        with contextlib.suppress(OSError):  # a full disk is as full when the buffer is emptied
            self._file.close()

    def _put_key_beside(self) -> None:
        """On a full disk a file that is written anew ends up empty: one that is right is left alone."""
        path = self._folder / PUBLIC_KEY_FILE
        if not path.is_file() or path.read_bytes() != self._key.public.pem:
            path.write_bytes(self._key.public.pem)

    def _open(self) -> None:
        self._file: BinaryIO = segment_path(self._folder, self._number).open("ab")
        self._begun_day = self._utc_ns() // DAY_NS

    def _find_end(self, segments: list[Segment]) -> int:
        """Go to the end of the last segment; bytes of it that were torn and are cut off now."""
        try:
            head = Head.read(self._folder, self._key.public)
        except ValueError as error:
            raise BrokenAuditLogError(
                f"audit log {self._folder}: head.json: {error}; move the folder away"
            ) from None
        while len(segments) > 1 and not segments[-1].path.stat().st_size:
            segments = segments[:-1]  # begun, and nothing written yet
        last = segments[-1]
        lines, kept = last.lines(), 0
        if lines:
            self._sequence, self._link = _claimed_start(lines[0], last)
        # Without a head there is at most the first line, whose head was not written any more.
        has_head = len(lines) < 2 if head is None else (head.sequence, head.link) == self._before()
        for line in lines:
            try:
                self._link = link_of(line, self._sequence, self._link)
            except ValueError:
                break
            self._sequence, kept = self._sequence + 1, kept + len(line)
            has_head |= head is not None and (head.sequence, head.link) == self._before()
        if not has_head:
            raise BrokenAuditLogError(
                f"audit log {self._folder}: {last.path.name} does not hold what head.json has signed: "
                "changed or cut off; keep it as evidence and move the folder away, a new log begins"
            )
        cut_bytes = sum(map(len, lines)) - kept
        if cut_bytes:
            os.truncate(last.path, kept)
        self._number = last.number
        return cut_bytes

    def _before(self) -> tuple[int, str]:
        """Number and hash of the record before the next one."""
        return self._sequence - 1, self._link

    def _retire(self) -> None:
        """Delete the files whose time is over, and leave a signed record of it."""
        until_now = [segment for segment in segments_of(self._folder) if segment.number <= self._number]
        old = outdated(until_now, self._utc_ns(), self._retention_days)
        if not old:
            return
        last = record_of(old[-1].lines()[-1])
        self.append(
            {
                "kind": RETIRED,
                "through": old[-1].number,
                "last_sequence": last["sequence"],
                "last_hash": last["hash"],
                "kept_days": self._retention_days,
            }
        )
        self.checkpoint()
        for segment in old:
            segment.path.unlink()


def _claimed_start(line: bytes, segment: Segment) -> tuple[int, str]:
    """Sequence number and link with which a segment says that it begins."""
    try:
        record = record_of(line)
        return int(record["sequence"]), str(record["previous"])
    except (ValueError, KeyError, TypeError):
        if segment.number == 1:
            return 0, FIRST_LINK
        raise BrokenAuditLogError(
            f"{segment.path}: its first record cannot be read; move the folder away"
        ) from None
