"""Files of recorded calls: whole blocks, a bounded folder, a disk that stays free, damage that is told."""

import errno
import gzip
from collections import namedtuple
from pathlib import Path

import pytest

from noetra_ros.safety.replay import files
from noetra_ros.safety.replay.files import (
    BLOCK_BYTES,
    FREE_BYTES,
    CallFile,
    DamagedError,
    blocks_of,
    file_name,
    files_of,
    make_room,
)
from noetra_ros.safety.replay.header import Header, SetUp
from noetra_ros.safety.replay.packing import packer, unpacked
from noetra_ros.safety.replay.reading import Recording

HEADER = Header(SetUp("made", "name: made\n"), None, {})
Usage = namedtuple("Usage", "free")
UTC_NS = 1_790_000_000 * 10**9


@pytest.fixture
def path(tmp_path):
    return tmp_path / file_name(UTC_NS, 1)


def values_of(path):
    return list(unpacked(gzip.decompress(path.read_bytes())))


@pytest.mark.parametrize(
    ("utc_ns", "number", "name"),
    [
        (UTC_NS, 1, "calls-20260921T141320.000Z-000001.msgpack.gz"),
        (UTC_NS + 123_456_789, 42, "calls-20260921T141320.123Z-000042.msgpack.gz"),
        (UTC_NS + 999_999_999, 1, "calls-20260921T141320.999Z-000001.msgpack.gz"),
    ],
)
def test_names_are_the_time_to_the_millisecond(utc_ns, number, name):
    assert file_name(utc_ns, number) == name


def test_files_are_told_oldest_first_and_no_others(tmp_path):
    names = [file_name(UTC_NS + k * 10**9, 3 - k) for k in range(3)]
    for name in (*reversed(names), "calls-of-mine.txt", "notes.txt", f"{names[0]}.part"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in files_of(tmp_path)] == names


def stored(folder, sizes):
    paths = [folder / file_name(UTC_NS + k * 10**9, k + 1) for k in range(len(sizes))]
    for path, size in zip(paths, sizes, strict=True):
        path.write_bytes(b"x" * size)
    return paths


@pytest.mark.parametrize(
    ("max_bytes", "gone"), [(160, 0), (159, 1), (110, 1), (109, 2), (80, 2), (79, 3), (1, 3)]
)
def test_as_many_of_the_oldest_go_as_have_to(tmp_path, max_bytes, gone):
    """The newest are those that somebody will ask for after an accident."""
    paths = stored(tmp_path, (50, 30, 60))
    assert make_room(tmp_path, 20, max_bytes) == paths[:gone]
    assert files_of(tmp_path) == paths[gone:]


def test_a_file_holds_header_records_and_how_it_ended(path):
    file = CallFile(path, HEADER)
    assert (file.calls, file.written, file.size) == (0, 0, path.stat().st_size)
    file.append(b"\x07")
    file.append(b"\x08")
    assert (file.calls, file.written) == (2, 0)
    file.flush()
    assert (file.written, file.size) == (2, path.stat().st_size)
    file.append(b"\x09")
    file.close("enough")
    header, *records, end = values_of(path)
    assert header["format"] == "noetra_ros supervisor calls" and records == [7, 8, 9]
    assert end == {"end": "enough", "calls": 3}
    assert [len(list(unpacked(block))) for block in blocks_of(path)] == [1, 2, 2]


def test_nothing_new_is_no_block(path):
    file = CallFile(path, HEADER)
    size = path.stat().st_size
    file.flush()
    assert path.stat().st_size == size == file.size


def test_a_full_block_is_written_at_once(path):
    """What was recorded before the power went is in the file, but for the last block."""
    file = CallFile(path, HEADER)
    assert BLOCK_BYTES == 262_144
    for _ in range(2):
        file.append(b"\xc0" * (BLOCK_BYTES // 2 - 1))
        assert file.written == 0
    file.append(b"\xc0\xc0")
    assert file.written == 3
    file.append(b"\xc0" * (BLOCK_BYTES - 1))
    assert file.written == 3
    file.append(b"\xc0")
    assert file.written == 5 and len(list(blocks_of(path))) == 3
    file.abandon()


def test_a_file_that_is_there_is_never_written_over(path):
    path.write_bytes(b"evidence")
    with pytest.raises(FileExistsError):
        CallFile(path, HEADER)
    assert path.read_bytes() == b"evidence"


@pytest.mark.parametrize(("free", "is_enough"), [(FREE_BYTES, True), (FREE_BYTES - 1, False)])
def test_the_disk_is_not_filled_up(path, monkeypatch, free, is_enough):
    """The audit log, and the rest of the robot, need what is left."""
    assert FREE_BYTES == 100_000_000
    monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: Usage(free))
    if is_enough:
        CallFile(path, HEADER).abandon()
        assert path.exists()
    else:
        with pytest.raises(OSError, match="less than 100 MB free") as caught:
            CallFile(path, HEADER)
        assert caught.value.errno == errno.ENOSPC
        assert not path.exists(), "nobody can read a file without a header"


def test_the_file_handle_of_one_that_cannot_begin_is_given_back(path, monkeypatch):
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir()))
    monkeypatch.setattr(files.shutil, "disk_usage", lambda folder: Usage(0))
    for _ in range(3):
        with pytest.raises(OSError):
            CallFile(path, HEADER)
    assert len(list(handles.iterdir())) == before


def test_a_disk_that_fails_while_it_is_closed_raises_nothing_more(path, monkeypatch):
    file = CallFile(path, HEADER)

    class Failing:
        def close(self):
            raise OSError(errno.EIO, "gone")

    file._file.close()
    monkeypatch.setattr(file, "_file", Failing())
    file.abandon()


def whole(path, count=3):
    file = CallFile(path, HEADER)
    for number in range(count):
        file.append(bytes([number]))
        file.flush()
    file.close("enough")
    return list(blocks_of(path))


def test_a_last_block_that_is_torn_off_is_left_out(path):
    blocks = whole(path)
    data = path.read_bytes()
    path.write_bytes(data[:-3])
    assert list(blocks_of(path)) == blocks[:-1]
    path.write_bytes(b"")
    assert list(blocks_of(path)) == []


@pytest.mark.parametrize("read_bytes", [1, 7, 64, 1 << 20])
def test_blocks_are_found_however_the_file_is_read(path, monkeypatch, read_bytes):
    blocks = whole(path)
    monkeypatch.setattr(files, "READ_BYTES", read_bytes)
    assert list(blocks_of(path)) == blocks and len(blocks) == 5


@pytest.mark.parametrize("read_bytes", [16, 1 << 20])
def test_damage_is_told_with_the_place_of_its_block(path, monkeypatch, read_bytes):
    """The first byte of the block: who looks finds the rest of the file whole up to there."""
    monkeypatch.setattr(files, "READ_BYTES", read_bytes)
    file = CallFile(path, HEADER)
    begin = file.size
    file.append(b"\x01")
    file.close("enough")
    data = bytearray(path.read_bytes())
    data[begin + 12] ^= 0xFF
    path.write_bytes(bytes(data))
    found = blocks_of(path)
    assert next(found)
    with pytest.raises(DamagedError, match=f"block at byte {begin} is damaged"):
        next(found)


def test_what_is_no_recording_is_damaged_from_its_first_byte(tmp_path):
    other = Path(tmp_path / "x")
    other.write_bytes(b"not a gzip member at all")
    with pytest.raises(DamagedError, match="byte 0"):
        list(blocks_of(other))


def test_a_file_that_is_closed_gives_its_handle_back(tmp_path):
    for number, end in enumerate((lambda file: file.close("enough"), CallFile.abandon), start=1):
        file = CallFile(tmp_path / file_name(UTC_NS, number), HEADER)
        end(file)
        assert file._file.closed


def recorded(path, *values, why="enough"):
    file, pack = CallFile(path, HEADER), packer()
    for value in values:
        file.append(pack(value))
    file.close(why)
    recording = Recording(path)
    return recording, list(recording.records())


def test_calls_are_read_again_with_how_the_file_ended(path):
    recording, records = recorded(path, ["tick", [7], None], ["on_other_writers", [["/joystick"]], None])
    assert [record.call for record in records] == ["tick", "on_other_writers"]
    assert records[1].arguments == (("/joystick",),) and recording.header == HEADER
    assert (recording.end, recording.damage) == ("enough", "")


@pytest.mark.parametrize(
    "value", [7, "tick", [], ["tick", [7]], ["tick", 7, None], ["tick", [7], None, 1], ["tick", "7", None]]
)
def test_a_value_that_is_no_call_ends_the_reading(path, value):
    recording, records = recorded(path, ["tick", [7], None], value, ["tick", [8], None])
    assert len(records) == 1 and recording.damage == "a value that is no call" and recording.end == ""
