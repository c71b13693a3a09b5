"""A change is put into the functions and constants that are loaded, or the session says that it cannot be."""

import importlib.util
import sys

import mutant_session
import mutants
import pytest
from mutant_session import loaded_functions, module_of, put_in
from mutants import mutants_of

SOURCE = '''"""Text."""

LIMIT = 2
DOUBLE = 2 * LIMIT


def is_above(value):
    return value > LIMIT


class Box:
    size = 4

    def double(self):
        return [2 * part for part in (self.size, 1)]
'''


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """The module, its mutants by line and part."""
    for module in (mutants, mutant_session):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    path = tmp_path / "mutated_module.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("mutated_module", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "mutated_module", module)
    spec.loader.exec_module(module)
    return module, {(m.line, m.change): m for m in mutants_of(path)}


def test_a_function_is_changed_where_it_is(loaded):
    module, found = loaded
    is_above, box = module.is_above, module.Box()
    assert put_in(found[8, "turned round"], loaded_functions())
    assert is_above(1) and not is_above(3)
    assert put_in(found[15, "other operator"], loaded_functions())
    assert box.double() == [0.5, 2.0]


def test_a_constant_is_changed_wherever_it_was_taken_over(loaded):
    module, found = loaded
    assert put_in(found[3, "other number"], loaded_functions())
    assert (module.LIMIT, module.DOUBLE, module.is_above(3)) == (4, 8, False)


def test_the_body_of_a_class_is_left_to_the_slower_way(loaded):
    module, found = loaded
    assert not put_in(found[12, "other number"], loaded_functions())
    assert module.Box.size == 4


def test_the_name_of_a_module_is_that_of_its_file():
    assert module_of("noetra_ros/safety/braking.py") == "noetra_ros.safety.braking"
    assert module_of("noetra_ros/safety/__init__.py") == "noetra_ros.safety"
