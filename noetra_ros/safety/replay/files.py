"""Files of recorded calls: blocks of records, each a gzip member with its own checksum; a bounded folder.

`gzip -dc FILE` gives one stream of MessagePack values: a header, the records, a map that says how it ended.
"""

from __future__ import annotations

import errno
import gzip
import re
import shutil
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from noetra_ros.safety.replay.header import Header
from noetra_ros.safety.replay.packing import packer

NAME = re.compile(r"calls-\d{8}T\d{6}\.\d{3}Z-\d{6}\.msgpack\.gz")
BLOCK_BYTES = 256 * 1024  # of records, before they are packed
COMPRESSION = 3
FREE_BYTES = 100_000_000  # of the disk that stay free for others, the audit log among them
READ_BYTES = 1 << 20
SECOND_NS = 1_000_000_000


def file_name(utc_ns: int, number: int) -> str:
    """``calls-<UTC>-<number>.msgpack.gz``: names sort by time.

    Args:
        utc_ns: when the recording began.
        number: of the file in it, from 1.
    """
    moment = datetime.fromtimestamp(utc_ns // SECOND_NS, UTC)
    milliseconds = utc_ns % SECOND_NS // 1_000_000
    return f"calls-{moment:%Y%m%dT%H%M%S}.{milliseconds:03d}Z-{number:06d}.msgpack.gz"


def files_of(folder: Path) -> list[Path]:
    """Files of recorded calls, oldest first; others in the folder are none of ours."""
    return sorted(path for path in folder.glob("calls-*") if NAME.fullmatch(path.name))


def make_room(folder: Path, size: int, max_bytes: int) -> list[Path]:
    """Remove the oldest files until one more of `size` bytes fits within `max_bytes`.

    Returns:
        What was removed, oldest first.
    """
    files = files_of(folder)
    sizes = {path: path.stat().st_size for path in files}
    removed = []
    while files and sum(sizes.values()) + size > max_bytes:
        oldest = files.pop(0)
        oldest.unlink()
        del sizes[oldest]
        removed.append(oldest)
    return removed


class CallFile:
    """Writes one file. Records are kept until a block is full, or `flush`. Not thread safe.

    Args:
        path: file to make.
        header: of it.

    Raises:
        OSError: it cannot be written; so do all methods but `abandon`.

    Attributes:
        size: bytes written.
        calls: records taken.
        written: records that are in the file.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self.size = self.calls = self.written = 0
        self._pack = packer()
        self._block: list[bytes] = [self._pack(header.plain())]
        self._block_bytes = 0
        self._file = path.open("xb")
        self._folder = path.parent
        try:
            self.flush()
        except OSError:  # nobody can read a file without a header
            self.abandon()
            path.unlink(missing_ok=True)
            raise

    def append(self, record: bytes) -> None:
        """One record."""
        self._block.append(record)
        self._block_bytes += len(record)
        self.calls += 1
        if self._block_bytes >= BLOCK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the records taken so far as one block."""
        if not self._block:
            return
        if shutil.disk_usage(self._folder).free < FREE_BYTES:
            raise OSError(errno.ENOSPC, f"less than {FREE_BYTES / 1e6:.0f} MB free", str(self._folder))
        block, self._block, self._block_bytes = b"".join(self._block), [], 0
        data = gzip.compress(block, COMPRESSION, mtime=0)
        self._file.write(data)
        self._file.flush()
        self.size += len(data)
        self.written = self.calls

    def close(self, why: str) -> None:
        """Say how it ended, and close it."""
        self._block.append(self._pack({"end": why, "calls": self.calls}))
        self.flush()
        self._file.close()

    def abandon(self) -> None:
        """Close it as it is; after an error."""
        try:
            self._file.close()
        except OSError:
            return  # what is in the file is whole block by block


class DamagedError(ValueError):
    """A block that is not what was written."""


def blocks_of(path: Path) -> Iterator[bytes]:
    """Content of each whole block; a last one that is torn off is left out.

    Raises:
        DamagedError: a block is no gzip member, or its checksum is wrong; says where.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        begin, ahead = 0, file.read(READ_BYTES)
        while ahead:
            member, parts, used = zlib.decompressobj(wbits=31), [], 0
            while ahead and not member.eof:
                try:
                    parts.append(member.decompress(ahead))
                except zlib.error as error:
                    raise DamagedError(f"the block at byte {begin} is damaged: {error}") from None
                used += len(ahead) - len(member.unused_data)
                ahead = member.unused_data or file.read(READ_BYTES)
            if not member.eof:
                return
            yield b"".join(parts)
            begin += used
