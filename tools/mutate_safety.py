"""Mutation test of noetra_ros/safety: changes the code in one place, runs its tests, counts who notices.

Own and small, because the known tools start Python anew for each mutant (seconds for pinocchio and scipy) and
copy the package, whose other half is generated. With --covering, a file of covering_tests.py, a mutant meets
the tests that run its line, the shortest first, in a fork of a session that has collected them
(mutant_session.py). What cannot be changed there, and all without --covering: a fork of a process that has
loaded what is heavy, in which one module is compiled from a changed tree. What no test can notice stands in
equivalent_mutants.yaml and is counted apart. Run: noetra-env python tools/mutate_safety.py --help
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.abc
import importlib.util
import io
import json
import math
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from mutant_session import module_of
from mutants import REGISTER, Mutant, equivalents, mutants_of, mutated, stale_entries

ROOT = Path(__file__).resolve().parents[1]
SAFETY = ROOT / "noetra_ros" / "safety"
TESTS = ROOT / "test" / "safety"
EVERYBODY = (
    "test_supervisor", "test_supervisor_latches", "test_pauses", "test_supervisor_velocities",
    "test_supervisor_people", "test_ranges",
)  # fmt: skip
FUZZ = f"{ROOT}/test/evaluation/fuzz/test_campaign.py::test_the_oracle_finds_nothing"
LIVED = ("survived", "lived through the short ones")


class _OneModule(importlib.abc.Loader, importlib.abc.MetaPathFinder):
    """Loads one module from a changed tree."""

    def __init__(self, mutant: Mutant) -> None:
        self._path = ROOT / mutant.file
        self._name = module_of(mutant.file)
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


def _own(mutant: Mutant) -> str:
    """In the names of the tests of the file that mirrors the mutant's."""
    return f"/test_{Path(mutant.file).stem}.py::"


class Selection:
    """Which tests a mutant meets.

    Args:
        covering: file of covering_tests.py; None = by names of files and modules.
        has_all: all of test/safety, where `covering` does not say.
        also: files of tests that every mutant meets first.
        most_s: of a test; longer ones are left out.
    """

    def __init__(self, covering: Path | None, has_all: bool, also: Sequence[Path], most_s: float) -> None:
        found = json.loads(covering.read_text(encoding="utf-8")) if covering else {"tests": [], "lines": {}}
        self.durations_s: dict[str, float] = dict(found["tests"])
        self._names = list(self.durations_s)
        self._lines = found["lines"]
        self._has_all = has_all
        self.most_s = most_s
        self.also = [str(path.resolve().relative_to(ROOT)) for path in also]

    def covering(self, mutant: Mutant) -> list[str]:
        """Names of the tests that run one of its lines: those of its file first, then the shortest."""
        lines = self._lines.get(mutant.file, {})
        rows = range(mutant.line, max(mutant.line, mutant.last) + 1)
        numbers = sorted({number for row in rows for number in lines.get(str(row), [])})
        return sorted((self._names[number] for number in numbers), key=lambda name: _own(mutant) not in name)

    def by_name(self, mutant: Mutant) -> list[str]:
        """Files of tests, as in the names of tests."""
        names = tests_for(ROOT / mutant.file, self._has_all)
        return [str(Path(name.partition("::")[0]).relative_to(ROOT)) for name in names]

    def short(self, mutant: Mutant) -> list[str]:
        """Of these, the ones that are not left out."""
        return [name for name in self.covering(mutant) if self.is_short(mutant, name)]

    def is_short(self, mutant: Mutant, name: str) -> bool:
        """Not left out; of its own file ten times as long."""
        return self.durations_s.get(name, 0.0) <= self.most_s * (10 if _own(mutant) in name else 1)

    def of(self, mutant: Mutant) -> list[str]:
        """Files and tests for pytest. What runs at import alone is met by the tests of its file."""
        names = self.short(mutant) if self.covering(mutant) else tests_for(ROOT / mutant.file, self._has_all)
        if not self.covering(mutant) and self.most_s < math.inf:
            files = tuple(f"{name}::" for name in self.by_name(mutant))
            names = [n for n in self._names if n.startswith(files) and self.is_short(mutant, n)]
        return [str(ROOT / name) for name in [*self.also, *names]]


def survives(mutant: Mutant, limit_s: float, selection: Selection) -> str:
    """killed, survived or timed out (which is noticed too)."""
    tests = selection.of(mutant)
    if not tests:  # pytest takes none for all there are
        return "survived"
    child = os.fork()
    if child == 0:
        _be_mutant(mutant, tests)
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


def in_one_session(mutants: Sequence[Mutant], selection: Selection) -> Iterator[tuple[str, str, int, float]]:
    """Of each mutant result, test that noticed, how many to meet and s; "elsewhere" = not possible here."""
    begun, told = os.pipe()
    child = os.fork()
    if child == 0:
        import pytest
        from mutant_session import Session

        code = 1
        try:
            with os.fdopen(told, "w") as answers:
                session = Session(
                    mutants, selection.by_name, selection.covering, selection.short, selection.also, answers
                )
                session.durations_s, session.is_short = selection.durations_s, selection.is_short
                options = ("-q", "-s", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-o", "timeout=0")
                with (
                    Path(os.devnull).open("w", encoding="utf-8") as nowhere,
                    contextlib.redirect_stdout(nowhere),
                ):
                    code = int(pytest.main([*options, str(TESTS), FUZZ, *selection.also], [session]))
        finally:
            os._exit(code)
    os.close(told)
    with os.fdopen(begun) as pipe:
        for line in pipe:
            yield tuple(json.loads(line))
    os.waitpid(child, 0)


def _given() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, drawn by the seed; 0 = all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="files whose path holds this; repeatable")
    parser.add_argument("--audit", action="store_true", help="the audit log too")
    parser.add_argument("--all-tests", action="store_true", help="all of test/safety for every mutant")
    parser.add_argument("--covering", type=Path, help="file of covering_tests.py: many times faster")
    parser.add_argument(
        "--also",
        type=Path,
        action="append",
        default=[],
        help="tests that every mutant meets first; repeatable",
    )
    parser.add_argument(
        "--most-s",
        type=float,
        default=math.inf,
        help="leave out longer tests, of its own file ten times as long; lowers the score",
    )
    parser.add_argument("--again", type=Path, help="result of a run: only what lived there")
    parser.add_argument("--limit", type=float, default=300.0, help="s for one mutant of the slower way")
    parser.add_argument("--json", type=Path, default=ROOT / "out" / "mutation.json")
    return parser.parse_args()


def main() -> int:
    """Entry point."""
    os.environ["NOETRA_KERNEL"] = "python"  # machine code would go on as it was before the change
    given = _given()
    chosen = _chosen(given)
    if chosen is None:
        return 2
    mutants, alike, of = chosen
    selection = Selection(given.covering, given.all_tests, given.also, given.most_s)
    load_heavy()
    if not given.covering and survives(UNCHANGED, given.limit, selection) != "survived":
        print("the tests fail without any change: nothing can be measured")
        return 2
    rows = [asdict(mutant) | {"result": "equivalent"} for mutant in alike]
    for mutant, result, by, count in _results(mutants, selection, bool(given.covering), given.limit):
        rows.append(asdict(mutant) | {"result": result, "by": by, "tests": count})
        where = f"{mutant.file}:{mutant.line} {mutant.change}: `{mutant.part}`"
        print(f"{len(rows) - len(alike)}/{len(mutants)} {result}: {where}", flush=True)
        about = {"seed": given.seed, "of": of, "tried": len(rows)}
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(about | {"rows": rows}, indent=1) + "\n", encoding="utf-8")
    for line in table(rows):
        print(line)
    return 0


UNCHANGED = Mutant("noetra_ros/safety/supervisor.py", 0, 0, "nothing", "", "")


def _chosen(given: argparse.Namespace) -> tuple[list[Mutant], list[Mutant], int] | None:
    """What is tried, what the register calls equivalent, and how many there are in all."""
    entries = equivalents()
    for entry in (stale := stale_entries(entries)):
        print(f"{REGISTER.name} speaks of what is not there (any more): {entry}")
    if stale:
        return None
    files = [
        p
        for p in sorted(SAFETY.rglob("*.py"))
        if (given.audit or "audit" not in p.parts) and any(part in str(p) for part in given.only or [""])
    ]
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    chosen = random.Random(given.seed).sample(mutants, given.sample) if given.sample else mutants
    if given.again:
        rows = json.loads(given.again.read_text(encoding="utf-8"))["rows"]
        lived = {(r["file"], r["text"], r["part"], r["change"]) for r in rows if r["result"] in LIVED}
        chosen = [m for m in chosen if (m.file, m.text, m.part, m.change) in lived]
    alike = {mutant for entry in entries for mutant in entry.fits(mutants)}
    return [m for m in chosen if m not in alike], [m for m in chosen if m in alike], len(mutants)


def _results(
    mutants: Sequence[Mutant], selection: Selection, has_covering: bool, limit_s: float
) -> Iterator[tuple[Mutant, str, str, int]]:
    """Each with its result, the test that noticed it and how many tests were to be met."""
    left = list(mutants)
    if has_covering:
        left = []
        answers = in_one_session([UNCHANGED, *mutants], selection)
        if next(answers)[0] != "survived":
            raise SystemExit("the tests fail without any change: nothing can be measured")
        for mutant, (result, by, count, _) in zip(mutants, answers, strict=True):
            if result == "elsewhere":
                print(f"later, the slower way: {mutant.file}:{mutant.line} `{mutant.part}`", flush=True)
                left.append(mutant)
            else:
                yield mutant, result, by, count
    for mutant in left:
        result = survives(mutant, limit_s, selection)
        yield mutant, LIVED[1] if result == LIVED[0] and selection.most_s < math.inf else result, "", 0


def table(rows: Sequence[dict]) -> list[str]:
    """For people: by file, then all."""
    lines = [
        "| file | mutants | noticed | equivalent | lived | noticed of those that can be |",
        "|---|---|---|---|---|---|",
    ]
    for name in [*sorted({row["file"] for row in rows}), "all"]:
        count = Counter(row["result"] for row in rows if name in (row["file"], "all"))
        total, same, lived = count.total(), count["equivalent"], sum(count[result] for result in LIVED)
        share = (total - same - lived) / max(1, total - same)
        shown = name.removeprefix("noetra_ros/safety/")
        lines.append(f"| {shown} | {total} | {total - same - lived} | {same} | {lived} | {share:.1%} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
