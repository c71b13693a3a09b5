import importlib
import sys

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.registry import Registry

FILES = {
    "__init__.py": "from noetra_ros.core.registry import Registry\nthings = Registry('thing', __name__)\n",
    "good.py": "from {name} import things\n@things.register('good')\nclass Good:\n    pass\n",
    "silent.py": "",
    "heavy.py": "raise RuntimeError('imported')\n",
    "_private.py": "",
}


@pytest.fixture
def things(tmp_path, monkeypatch, request):
    """A registry over a made package."""
    name = f"made_{abs(hash(request.node.name))}"
    folder = tmp_path / name
    folder.mkdir()
    for file, text in FILES.items():
        (folder / file).write_text(text.replace("{name}", name))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module(name).things
    for module in [m for m in sys.modules if m.startswith(name)]:
        del sys.modules[module]


def test_names_are_the_files_and_import_nothing(things):
    assert things.names() == ["good", "heavy", "silent"]


def test_an_entry_is_found_by_its_file(things):
    assert things.get("good").__name__ == "Good"
    assert things.get("good") is things.get("good")


def test_an_unknown_name_lists_the_known_ones(things):
    with pytest.raises(ConfigError, match="got 'bad', expected one of good, heavy, silent"):
        things.get("bad")


def test_a_file_that_registers_nothing(things):
    with pytest.raises(ConfigError, match="a file that registers nothing"):
        things.get("silent")


def test_a_name_that_is_not_the_files():
    class Entry:
        pass

    with pytest.raises(ValueError, match=r"must live in elsewhere.py"):
        Registry("thing", __name__).register("elsewhere")(Entry)
