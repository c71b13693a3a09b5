"""Size and hygiene of the sources."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

LINE_CAP = 500
FUNCTION_LINE_CAP = 40  # of the body, without the docstring
UNSAFE = re.compile(
    r"\bpickle\b|\bdill\b|\bcloudpickle\b|\bmarshal\.load|allow_pickle\s*=\s*True|weights_only\s*=\s*False"
    r"|\byaml\.(unsafe_load|full_load|load)\(|\btorch\.load\((?!.*weights_only=True)"
    r"|(?<![.\w])(eval|exec)\(|os\.system\("
)
DRAWERS = {"utils", "helpers", "common", "manager", "util", "misc"}


@pytest.fixture(scope="session")
def all_python(repo: Path) -> list[Path]:
    """The package's, the tests' and the tools' files."""
    folders = ("noetra_ros", "test", "tools", "launch")
    return [path for folder in folders for path in sorted((repo / folder).rglob("*.py"))]


def test_no_file_is_longer_than_the_cap(all_python):
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in all_python}
    assert {path: lines for path, lines in lengths.items() if lines > LINE_CAP} == {}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_function_is_longer_than_the_cap(all_python):
    found = {}
    for path in all_python:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = body_lines(node)
                if lines > FUNCTION_LINE_CAP:
                    found[f"{path}:{node.name}"] = lines
    assert found == {}


def test_no_drawers(sources):
    assert [path for path in sources if DRAWERS & {path.stem, *path.parent.parts[-2:]}] == []


def test_nothing_is_unpickled_or_evaluated(sources):
    found = []
    for path in sources:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if UNSAFE.search(line.partition("#")[0]):
                found.append(f"{path}:{number}: {line.strip()}")
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["x = pickle.loads(b)", "np.load(p, allow_pickle=True)", "yaml.load(f)", "torch.load(p)", "eval(text)"],
)
def test_the_search_finds_what_it_is_for(line):
    assert UNSAFE.search(line)


@pytest.mark.parametrize(
    "line", ["network.eval()", "application.exec()", "torch.load(path, weights_only=True)"]
)
def test_the_search_leaves_what_is_safe_alone(line):
    assert not UNSAFE.search(line)


def test_every_module_says_what_it_is_for(sources):
    silent = [
        str(path) for path in sources if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_helpers_of_tests_have_names_of_their_own(repo):
    """They are found by their bare name: of two the wrong one is taken, where both folders are collected."""
    helpers = [
        path
        for path in (repo / "test").rglob("*.py")
        if not path.name.startswith("test_") and path.name not in ("conftest.py", "__init__.py")
    ]
    counted = Counter(path.name for path in helpers)
    assert [name for name, count in counted.items() if count > 1] == []
