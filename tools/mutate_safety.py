"""Mutation test of noetra_ros/safety: changes the code in one place, runs its tests, counts who notices.

Own and small, because the known tools start Python anew for each mutant (seconds for pinocchio and scipy) and
copy the package, whose other half is generated. Here one process has loaded what is heavy; each mutant is a
fork of it, in which one module is compiled from a changed tree. What the tests of test/safety let live is
given to some episodes of the fuzz as well. With --covering, a file of covering_tests.py, a mutant meets the
tests that run its line, the shortest first. Run: noetra-env python tools/mutate_safety.py --help
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import io
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAFETY = ROOT / "noetra_ros" / "safety"
TESTS = ROOT / "test" / "safety"
EVERYBODY = (
    "test_supervisor", "test_supervisor_latches", "test_pauses", "test_supervisor_velocities",
    "test_supervisor_people", "test_ranges",
)  # fmt: skip
FUZZ = f"{ROOT}/test/evaluation/fuzz/test_campaign.py::test_the_oracle_finds_nothing"
COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change: in which file and line, which node of the tree in walking order, and what is done to it."""

    file: str
    line: int
    node: int
    change: str


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change of one file."""
    name = str(path.relative_to(ROOT))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # frozen and kw_only of dataclasses: conventions that no behaviour rests on.
    spared = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        for part in ast.walk(decorator)
    }
    for number, node in enumerate(ast.walk(tree)):
        for change in _changes(node) if id(node) not in spared else ():
            yield Mutant(name, getattr(node, "lineno", 0), number, change)


def _changes(node: ast.AST) -> list[str]:
    """What can be done to a node; texts for people, docstrings and annotations are left alone."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        is_order = isinstance(node.ops[0], ast.Lt | ast.Gt | ast.LtE | ast.GtE)
        return ["other comparison", "turned round"] if is_order else ["other comparison"]
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not _is_text(node):
        return ["other operator"]
    if isinstance(node, ast.BoolOp):
        return ["and for or"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        return ["sign or not left out"]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ["other truth"]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return ["other number"]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        return ["min for max"]
    if isinstance(node, ast.If | ast.IfExp):
        return ["always", "never"]
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        return ["returns nothing"]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ["call left out"]
    if isinstance(node, ast.AugAssign):
        return ["other operator"] if type(node.op) in OPERATORS else []
    return []


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The tree with the change."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    node = nodes[mutant.node]
    new = _changed(copy.copy(node), mutant.change)
    for parent in nodes:
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, new)
            elif isinstance(value, list):
                setattr(parent, name, [new if item is node else item for item in value])
    return ast.fix_missing_locations(tree)


def _changed(node: ast.AST, change: str) -> ast.AST:
    match node:
        case ast.Compare():
            flipped = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
            table = flipped if change == "turned round" else COMPARISONS
            node.ops = [table[type(node.ops[0])]()]
        case ast.BinOp() | ast.AugAssign():
            node.op = OPERATORS[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            return ast.copy_location(node.operand, node)
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant():
            node.value = node.value + 1 if node.value in (0, 1) else node.value * 2
        case ast.Call():
            node.func = ast.copy_location(ast.Name(CALLS[node.func.id], ast.Load()), node.func)  # type: ignore[attr-defined]
        case ast.If() | ast.IfExp():
            node.test = ast.copy_location(ast.Constant(change == "always"), node.test)
        case ast.Return():
            node.value = ast.copy_location(ast.Constant(None), node)
        case ast.Expr():
            return ast.copy_location(ast.Pass(), node)
    return node


class _OneModule(importlib.abc.Loader, importlib.abc.MetaPathFinder):
    """Loads one module from a changed tree."""

    def __init__(self, mutant: Mutant) -> None:
        self._path = ROOT / mutant.file
        self._name = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._tree = mutated(self._path.read_text(encoding="utf-8"), mutant)

    def find_spec(self, name, path=None, target=None):
        """Only for that module."""
        return (
            importlib.util.spec_from_file_location(name, self._path, loader=self)
            if name == self._name
            else None
        )

    def exec_module(self, module):
        """Run the changed code."""
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)


def tests_for(path: Path, has_all: bool) -> list[str]:
    """Its own tests, those that name its module, then the supervisor's."""
    stem = path.stem
    files = sorted(TESTS.rglob("test_*.py"))
    if "audit" not in path.parts:
        files = [file for file in files if "audit" not in file.stem and "signed" not in file.stem]
    own = [f for f in files if f.stem == f"test_{stem}"]
    near = [f for f in files if f not in own and f".{stem} " in f.read_text(encoding="utf-8")]
    rest = [f for f in files if f not in own + near and (has_all or f.stem in EVERYBODY)]
    return [*(str(f) for f in (*own, *near, *rest)), FUZZ]


class Selection:
    """Which tests a mutant meets.

    Args:
        covering: file of covering_tests.py; None = by names of files and modules.
        has_all: all of test/safety, where `covering` does not say.
    """

    def __init__(self, covering: Path | None, has_all: bool) -> None:
        found = json.loads(covering.read_text(encoding="utf-8")) if covering else {"tests": [], "lines": {}}
        self._names = [name for name, _ in found["tests"]]
        self._lines = found["lines"]
        self._has_all = has_all

    def of(self, mutant: Mutant) -> list[str]:
        """Files and tests for pytest. What runs at import alone is met by the tests of its file."""
        numbers = self._lines.get(mutant.file, {}).get(str(mutant.line), [])
        if numbers:
            return [str(ROOT / self._names[number]) for number in numbers]
        return tests_for(ROOT / mutant.file, self._has_all)


def survives(mutant: Mutant, limit_s: float, selection: Selection) -> str:
    """killed, survived or timed out (which is noticed too)."""
    child = os.fork()
    if child == 0:
        _be_mutant(mutant, selection.of(mutant))
    begin_s = time.monotonic()
    while time.monotonic() - begin_s < limit_s:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timed out"


def _be_mutant(mutant: Mutant, tests: list[str]) -> None:
    """In the child: run the tests with the change, and end."""
    import pytest

    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        try:
            sys.meta_path.insert(0, _OneModule(mutant))
            options = ("-x", "-q", "-p", "no:cacheprovider", "--no-header")
            code = int(pytest.main([*options, *tests]))
        except BaseException:  # a module that cannot even be loaded is noticed
            code = 1
    os._exit(code)


def load_heavy() -> None:
    """What every mutant needs and none changes."""
    for name in ("numpy", "scipy.optimize", "scipy.spatial", "pinocchio", "hypothesis", "pytest", "yaml"):
        importlib.import_module(name)
    importlib.import_module("noetra_ros.robots.link_capsules")
    importlib.import_module("noetra_ros.robots.profile")


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, drawn by the seed; 0 = all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose path holds this")
    parser.add_argument("--audit", action="store_true", help="the audit log too")
    parser.add_argument("--all-tests", action="store_true", help="all of test/safety for every mutant")
    parser.add_argument("--covering", type=Path, help="file of covering_tests.py: many times faster")
    parser.add_argument("--limit", type=float, default=300.0, help="s for one mutant")
    parser.add_argument("--json", type=Path, default=ROOT / "out" / "mutation.json")
    given = parser.parse_args()
    files = [
        p
        for p in sorted(SAFETY.rglob("*.py"))
        if (given.audit or "audit" not in p.parts) and given.only in str(p)
    ]
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    chosen = random.Random(given.seed).sample(mutants, given.sample) if given.sample else mutants
    selection = Selection(given.covering, given.all_tests)
    load_heavy()
    unchanged = Mutant("noetra_ros/safety/supervisor.py", 0, 0, "nothing")
    if survives(unchanged, given.limit, selection) != "survived":
        print("the tests fail without any change: nothing can be measured")
        return 2
    rows = []
    for i, mutant in enumerate(chosen):
        result = survives(mutant, given.limit, selection)
        rows.append(asdict(mutant) | {"result": result})
        print(f"{i + 1}/{len(chosen)} {result}: {mutant.file}:{mutant.line} {mutant.change}", flush=True)
        given.json.parent.mkdir(parents=True, exist_ok=True)
        noticed = sum(row["result"] != "survived" for row in rows)
        about = {"seed": given.seed, "of": len(mutants), "tried": len(rows), "noticed": noticed}
        given.json.write_text(json.dumps(about | {"rows": rows}, indent=1) + "\n", encoding="utf-8")
    print(f"{noticed} of {len(rows)} noticed ({noticed / len(rows):.1%}); {len(mutants)} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
