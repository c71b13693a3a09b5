"""Files that are cut off, damaged, foreign or of another version: what can be read is, the rest is told."""

import gzip

import msgpack
import pytest
from taped import record_episode

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.replay import files
from noetra_ros.safety.replay.files import DamagedError, blocks_of
from noetra_ros.safety.replay.packing import packer, unpacked
from noetra_ros.safety.replay.reading import Recording
from noetra_ros.safety.replay.replaying import rebuild, replay


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BLOCK_BYTES", 4000)
    return record_episode(tmp_path, "diffbot", "plain", 3, periods=60).paths[0]


def replayed(path):
    recording = Recording(path)
    return replay(recording, rebuild(recording))


def test_a_file_that_is_cut_off_is_replayed_as_far_as_it_goes(path):
    whole = replayed(path)
    data = path.read_bytes()
    for length in range(len(data) // 2, len(data) - 1, 997):
        path.write_bytes(data[:length])
        result = replayed(path)
        assert result.is_equal and result.end == "" and 0 < result.calls <= whole.calls
    assert whole.end != ""


def test_one_changed_bit_is_found_wherever_it_is(path):
    data, blocks, whole = bytearray(path.read_bytes()), list(blocks_of(path)), replayed(path).calls
    header_bytes = len(gzip.compress(blocks[0], files.COMPRESSION, mtime=0))
    found = 0
    for place in range(header_bytes + 3, len(data), 211):
        data[place] ^= 4
        path.write_bytes(data)
        data[place] ^= 4
        if content(path) == blocks:  # a byte that says nothing: time and system in the head of a block
            continue
        result = replayed(path)
        assert (result.damage or not result.end) and result.calls < whole, place
        assert result.difference is None
        found += 1
    assert found > 20


def content(path):
    """All blocks; none where one is damaged."""
    try:
        return list(blocks_of(path))
    except DamagedError:
        return None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no whole block"),
        (b"\x1f\x8b\x08\x00", "no whole block"),
        (b"# a text file\n", "the block at byte 0 is damaged"),
        (gzip.compress(b"a text file"), "no recording of a supervisor"),
        (gzip.compress(msgpack.packb({"format": "something else"})), "no recording of a supervisor"),
        (gzip.compress(msgpack.packb([1, 2])), "no recording of a supervisor"),
    ],
)
def test_foreign_files_are_refused(tmp_path, content, words):
    path = tmp_path / "calls.msgpack.gz"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        Recording(path)


def test_no_file_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        Recording(tmp_path / "none.gz")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format_version": 2}, "format version 2, this program reads 1"),
        ({"profile_sha256": "0" * 64}, "not those that their hashes are of"),
        ({"set_up": {"robot": "diffbot"}}, "its header does not fit"),
        ({"state": None}, "expected a state"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(path, change, words):
    first, *rest = blocks_of(path)
    (header,) = unpacked(first)
    blocks = [packer()(header | change), *rest]
    path.write_bytes(b"".join(map(gzip.compress, blocks)))
    with pytest.raises(ConfigError, match=words):
        replayed(path)


def test_a_block_that_is_missing_is_found_by_the_count_at_the_end(path):
    first, second, *rest = blocks_of(path)
    path.write_bytes(b"".join(map(gzip.compress, [first, second, *rest[1:]])))
    result = replayed(path)
    assert not result.is_equal and (result.damage or result.difference)


def test_an_end_that_counts_other_calls_is_damage(path):
    *blocks, last = blocks_of(path)
    *records, end = unpacked(last)
    written = b"".join(map(packer(), [*records[:-1], end]))
    path.write_bytes(b"".join(map(gzip.compress, [*blocks, written])))
    result = replayed(path)
    assert (
        result.difference is None
        and result.damage == f"{end['calls'] - 1} calls, its end says {end['calls']}"
    )


def test_it_reads_without_this_package(path):
    with gzip.open(path) as stream:
        header, *records, end = msgpack.Unpacker(stream, strict_map_key=False)
    assert header["format"] == "noetra_ros supervisor calls" and end["calls"] == len(records)
    assert header["legend"]["record"] == ["call", "arguments", "answer"]
    mode = header["legend"]["SafetyReport"].index("mode")
    answers = [answer for call, _, answer in records if call == "tick"]
    assert {answer[3][mode] for answer in answers} >= {2, 3}
