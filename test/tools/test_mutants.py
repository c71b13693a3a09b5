"""The changes that a mutation test makes, and the register of those that nobody can notice."""

import ast

import mutants
import pytest
from mutants import Equivalent, Mutant, equivalents, mutants_of, mutated, stale_entries

SOURCE = '''"""Text."""

LIMIT = 2


def is_above(value):
    """Text with 3."""
    if value > LIMIT or value < 0:
        return not False
    return value + 1 > 5
'''


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    path = tmp_path / "some.py"
    path.write_text(SOURCE)
    return list(mutants_of(path))


def test_every_place_is_changed_and_no_text(found):
    told = {(m.line, m.change, m.part) for m in found}
    assert (3, "other number", "2") in told and (8, "and for or", "value > LIMIT or value < 0") in told
    assert (8, "turned round", "value > LIMIT") in told and (9, "sign or not left out", "not False") in told
    assert (10, "other operator", "value + 1") in told and (
        10,
        "returns nothing",
        "return value + 1 > 5",
    ) in told
    assert not [m for m in found if m.line in (1, 7)]


def test_each_change_is_another_program(found):
    texts = {ast.dump(mutated(SOURCE, mutant)) for mutant in found}
    assert len(texts) == len(found) and ast.dump(ast.parse(SOURCE)) not in texts


def test_an_entry_fits_one_of_several_or_all():
    row = Mutant("f.py", 1, 0, "other number", "x = 0 + 0", "0")
    again = Mutant("f.py", 1, 1, "other number", "x = 0 + 0", "0")
    entry = {"file": "f.py", "text": "x = 0 + 0", "part": "0", "change": "other number", "why": "shown"}
    assert Equivalent(**entry).fits([row, again]) == [row]
    assert Equivalent(**entry, of=2).fits([row, again]) == [again]
    assert Equivalent(**entry, of=0).fits([row, again]) == [row, again]
    assert Equivalent(**entry, of=3).fits([row, again]) == []


def test_an_entry_of_a_file_that_is_gone_is_stale():
    gone = Equivalent("no/such_file.py", "x = 0", "0", "other number", "shown")
    assert stale_entries([gone]) == [gone]


def test_the_register_speaks_of_the_code_as_it_is():
    entries = equivalents()
    assert entries and stale_entries(entries) == []
    assert all(len(entry.why) > 10 for entry in entries)
