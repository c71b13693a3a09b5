"""Machine code of the kernel runs only where it is of the sources that lie there, and all or none of it."""

from __future__ import annotations

import ast
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernel_process import run

from noetra_ros.core.resources import PACKAGE_FOLDER
from noetra_ros.safety.kernel import ARITHMETIC, GROUP, STAMP, file_hash, source_name

ROOT = Path(__file__).resolve().parents[2]
SAFETY = ROOT / "noetra_ros" / "safety"
ASK = (
    "from noetra_ros.safety import KERNEL, limiter, braking; print(KERNEL.words()); "
    "print(type(limiter.next_position).__name__, type(braking.ramp_sum).__name__, limiter.BISECTIONS)"
)
STANDARD = set(sys.stdlib_module_names)
COMPILED, PYTHON = "builtin_function_or_method", "function"


def asked(folder: Path, tree: Path = ROOT, kernel: str = "") -> list[str]:
    """What runs there: words for people, kinds of two functions, a constant."""
    done = run(["-c", ASK], kernel, folder, tree)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def copied(compiled, tmp_path):
    """Machine code that may be changed."""
    return shutil.copytree(compiled, tmp_path / "kernel")


@pytest.fixture
def tree(tmp_path):
    """The sources of the kernel as a package that may be changed."""
    names = ("__init__.py", "core/__init__.py", "core/errors.py", "safety/__init__.py", "safety/kernel.py")
    for name in (*names, *(f"safety/{source_name(name)}" for name in GROUP)):
        path = tmp_path / "tree" / "noetra_ros" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE_FOLDER / name, path)
    return tmp_path / "tree"


def test_it_runs_where_everything_fits(compiled, tree):
    words, kinds = asked(compiled, tree)
    assert words.startswith("compiled ") and kinds == f"{COMPILED} {COMPILED} 14"


@pytest.mark.parametrize("name", [*GROUP, "kernel"])
def test_after_a_change_of_any_source_none_of_the_machine_code_runs(compiled, tree, name):
    path = tree / "noetra_ros" / "safety" / source_name(name)
    path.write_text(
        path.read_text().replace("BISECTIONS: Final = 14", "BISECTIONS: Final = 15") + "# mended\n"
    )
    words, kinds = asked(compiled, tree)
    assert words == f"Python: {source_name(name)}: not what was compiled"
    assert kinds == f"{PYTHON} {PYTHON} {15 if name == 'limiter' else 14}"


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", [*GROUP, "noetra_kernel_"])
def test_machine_code_that_was_changed_is_not_run(copied, name):
    (path,) = copied.glob(f"{name}*.so")
    flip(path)
    words, kinds = asked(copied)
    assert words == f"Python: the machine code in {copied} is not what was compiled"
    assert kinds.startswith(f"{PYTHON} {PYTHON}")


def test_half_of_it_is_not_run(copied):
    next(copied.glob("braking*.so")).unlink()
    words, kinds = asked(copied)
    assert words.startswith("Python: ") and "FileNotFoundError" in words and kinds.startswith(PYTHON)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"python": "cpython-27-vax"}, "compiled for cpython-27-vax"),
        ({"binaries": {}}, "is not what was compiled"),
        ({"sources": {}}, "kernel.py, limiter.py, limits.py, lookout.py, "),
        ({"sources": 3}, "cannot be read"),
    ],
)
def test_a_stamp_that_does_not_fit_is_believed_nothing(copied, change, reason):
    stamp = json.loads((copied / STAMP).read_text())
    (copied / STAMP).write_text(json.dumps(stamp | change))
    words, kinds = asked(copied)
    assert words.startswith("Python: ") and reason in words and kinds.startswith(f"{PYTHON} {PYTHON}")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"sources": 1}'])
def test_a_torn_stamp_is_no_stamp(copied, text):
    (copied / STAMP).write_text(text)
    assert "stamp.json cannot be read" in asked(copied)[0]


def replaced(folder: Path, name: str, data: bytes) -> None:
    """Another file, and a stamp that knows it."""
    (path,) = folder.glob(f"{name}*.so")
    path.write_bytes(data)
    stamp = json.loads((folder / STAMP).read_text())
    stamp["binaries"][path.name] = file_hash(path)
    (folder / STAMP).write_text(json.dumps(stamp))


def test_machine_code_that_cannot_be_loaded_leaves_it_to_python(copied):
    replaced(copied, "noetra_kernel_", b"no machine code")
    words, kinds = asked(copied)
    assert words.startswith("Python: the machine code cannot be loaded: ImportError")
    assert kinds.startswith(f"{PYTHON} {PYTHON}")


def test_a_module_that_cannot_be_loaded_ends_the_program(copied):
    """By then others of the group are machine code: never some of each."""
    replaced(copied, "checks.velocity", b"no machine code")
    done = run(["-c", "from noetra_ros.safety.checks import velocity"], "", copied)
    assert done.returncode == 1 and "ImportError" in done.stderr


def test_a_stamp_without_words_for_people_is_none(copied):
    stamp = json.loads((copied / STAMP).read_text())
    (copied / STAMP).write_text(json.dumps(stamp | {"docs": {}}))
    words, kinds = asked(copied)
    assert words.startswith("Python: ") and kinds.startswith(f"{PYTHON} {PYTHON}")


def test_modules_and_classes_keep_their_words(compiled):
    code = (
        "import noetra_ros.safety.checks.clock as m; "
        "print(m.__file__.endswith('.so'), m.__doc__); print(m.Clock.__doc__)"
    )
    flag, *lines = run(["-c", code], "compiled", compiled).stdout.splitlines()
    assert flag == "True Check: time goes forward." and lines[0].startswith("Stops when the supervisor")


def test_python_can_be_asked_for(compiled):
    words, kinds = asked(compiled, kernel="python")
    assert words == "Python: asked for by NOETRA_KERNEL" and kinds.startswith(f"{PYTHON} {PYTHON}")


def test_it_cannot_be_chosen_again(compiled):
    """What runs by then would be told wrongly."""
    again = "import importlib, noetra_ros.safety.limiter; importlib.reload(noetra_ros.safety)"
    done = run(["-c", again], "", compiled)
    assert done.returncode == 1 and "ImportError: the kernel is chosen once, before" in done.stderr


def test_without_machine_code_everything_runs_in_python(tmp_path):
    words, kinds = asked(tmp_path)
    assert words == "Python: not compiled in this environment" and kinds.startswith(PYTHON)


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        ("compiled", "NOETRA_KERNEL: got compiled, but not compiled in this environment, expected python"),
        ("fast", "NOETRA_KERNEL: got fast, expected python or compiled, or not set"),
    ],
)
def test_a_demand_that_cannot_be_met_ends_the_program(tmp_path, kernel, words):
    done = run(["-m", "noetra_ros.cli.main", "fuzz", "--help"], kernel, tmp_path)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


def test_nothing_compiled_lies_beside_the_sources():
    """It would be imported in their place without a word."""
    assert [path for path in PACKAGE_FOLDER.rglob("*") if path.suffix in (".so", ".pyd")] == []


def imports(name: str) -> Iterator[ast.Import | ast.ImportFrom]:
    """Of a module of the group."""
    tree = ast.parse((SAFETY / source_name(name)).read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


@pytest.mark.parametrize("name", ARITHMETIC)
def test_the_arithmetic_needs_nothing_but_itself(name):
    """What it took from elsewhere could change without its stamp."""
    before = {f"noetra_ros.safety.{other}" for other in GROUP[: GROUP.index(name)]}
    found = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports(name)
    }
    assert {name for name in found if name not in before and name.split(".")[0] not in STANDARD} == set()


@pytest.mark.parametrize("name", GROUP)
def test_no_number_of_another_file_is_in_the_machine_code(name):
    """A constant that is told to be final would be compiled in, and change without the stamp."""
    for node in imports(name):
        package, _, module = (getattr(node, "module", None) or "").partition("noetra_ros.")
        if package or not module or module.removeprefix("safety.") in GROUP:
            continue
        file = PACKAGE_FOLDER / f"{module.replace('.', '/')}.py"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        final = {
            one.target.id
            for one in ast.walk(ast.parse(text))
            if isinstance(one, ast.AnnAssign) and "Final" in ast.unparse(one.annotation)
            if isinstance(one.target, ast.Name)
        }
        assert final & {alias.name for alias in node.names} == set(), module
