"""Stamps notice every change that matters."""

from noetra_setup.stamps import STAMP_NAME, digest_of, read_stamps, write_stamp


def test_digest_follows_content_and_words(tmp_path):
    path = tmp_path / "a.msg"
    path.write_text("float64 x\n")
    before = digest_of([path], "kilted wheels")
    assert digest_of([path], "kilted wheels") == before
    assert digest_of([path], "jazzy wheels") != before
    path.write_text("float64 y\n")
    assert digest_of([path], "kilted wheels") != before


def test_digest_notices_a_renamed_file(tmp_path):
    (tmp_path / "a.msg").touch()
    (tmp_path / "b.msg").touch()
    assert digest_of([tmp_path / "a.msg"]) != digest_of([tmp_path / "b.msg"])


def test_steps_are_noted_one_by_one(tmp_path):
    write_stamp(tmp_path, "packages", "1")
    write_stamp(tmp_path, "messages", "2")
    assert read_stamps(tmp_path) == {"packages": "1", "messages": "2"}


def test_a_damaged_stamp_means_that_nothing_is_known(tmp_path):
    (tmp_path / STAMP_NAME).write_text("{")
    assert read_stamps(tmp_path) == {}
