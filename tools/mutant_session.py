"""Meets mutants in one pytest session: collected once, each mutant a fork with changed functions.

A change inside a function is put into the functions that are there (`__code__`), one of a module's constant
into every module that took it over; nothing is imported again. What cannot be changed so (bodies of classes,
defaults of parameters) is left to a slower way. What a test file computes when it is imported comes from the
unchanged code, so that a mutant may live which a fresh process would notice, never the other way round.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, TextIO

import pytest
from mutants import ROOT, Mutant, mutated

NOTICED, MISSED, ENDLESS, NOT_HERE = "killed", "survived", "timed out", "elsewhere"
SHORT = "lived through the short ones"
ELSEWHERE, BROKEN = 3, 4
SIMPLE = (int, float, bool, str, tuple, frozenset)


def _functions(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_flags & 0x2:  # CO_NEWLOCALS: a function, not the body of a class
                yield constant
            yield from _functions(constant)


def _outside(code: types.CodeType) -> list[Any]:
    """What runs when the module is imported."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType) and not c.co_flags & 0x2]
    plain = [repr(c) for c in code.co_consts if not isinstance(c, types.CodeType)]
    return [code.co_code, plain, code.co_names, [_outside(c) for c in inner]]


def _by_place(code: types.CodeType) -> dict[tuple[str, int], list[types.CodeType]]:
    found: dict[tuple[str, int], list[types.CodeType]] = {}
    for function in _functions(code):
        found.setdefault((function.co_qualname, function.co_firstlineno), []).append(function)
    return found


def module_of(file: str) -> str:
    """Its name for Python."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def loaded_functions() -> dict[str, list[types.FunctionType]]:
    """All there are, by the file that they come from."""
    found: dict[str, list[types.FunctionType]] = {}
    for function in gc.get_objects():
        if isinstance(function, types.FunctionType):
            found.setdefault(function.__code__.co_filename, []).append(function)
    return found


def put_in(mutant: Mutant, functions: dict[str, list[types.FunctionType]]) -> bool:
    """Change the loaded code; False = cannot be done here."""
    path = ROOT / mutant.file
    source = path.read_text(encoding="utf-8")
    before = compile(ast.parse(source), str(path), "exec")
    after = compile(mutated(source, mutant), str(path), "exec")
    if _outside(before) != _outside(after):
        return _put_in_constants(mutant, after)
    old, new = _by_place(before), _by_place(after)
    changed = {place for place in old if old[place] != new.get(place)}
    done = False
    for function in functions.get(str(path), ()):
        place = (function.__code__.co_qualname, function.__code__.co_firstlineno)
        if place in changed:
            if len(old[place]) > 1 or len(new.get(place, ())) != 1:
                return False
            if function.__code__.co_freevars != new[place][0].co_freevars:
                return False
            function.__code__ = new[place][0]
            done = True
    return done


def _put_in_constants(mutant: Mutant, after: types.CodeType) -> bool:
    """A constant of a module, and those that are made of it there."""
    name = module_of(mutant.file)
    tree = ast.parse((ROOT / mutant.file).read_text(encoding="utf-8"))
    module = sys.modules.get(name)
    if module is None or any(isinstance(node, ast.ClassDef) and _holds(node, mutant) for node in tree.body):
        return False
    fresh: dict[str, Any] = {
        "__name__": name,
        "__file__": str(ROOT / mutant.file),
        "__package__": name.rpartition(".")[0],
    }
    exec(after, fresh)
    changes = {
        key: (vars(module)[key], value)
        for key, value in fresh.items()
        if isinstance(value, SIMPLE) and key in vars(module) and repr(vars(module)[key]) != repr(value)
    }
    changes = {key: both for key, both in changes.items() if not key.startswith("__")}
    for loaded in list(sys.modules.values()):
        for key, (was, value) in changes.items():
            if getattr(loaded, "__dict__", {}).get(key) is was:
                setattr(loaded, key, value)
    return bool(changes)


def _holds(node: ast.stmt, mutant: Mutant) -> bool:
    return node.lineno <= mutant.line <= (node.end_lineno or node.lineno)


class Session:
    """Pytest plugin that runs mutants in place of the tests.

    Args:
        mutants: to meet.
        by_name: files of tests for a mutant whose line none runs.
        covering: names of the tests that run the line of a mutant.
        short: of these, the ones that it meets.
        also: files of tests that every mutant meets first.
        answers: a line of JSON for each mutant: result, the test that noticed it, how many it met, s.

    Attributes:
        durations_s: of each test, by name.
        is_short: whether a mutant of what runs at import alone is to meet a test.
    """

    def __init__(
        self,
        mutants: Sequence[Mutant],
        by_name: Callable[[Mutant], list[str]],
        covering: Callable[[Mutant], list[str]],
        short: Callable[[Mutant], list[str]],
        also: Sequence[str],
        answers: TextIO,
    ) -> None:
        self._mutants = mutants
        self._by_name = by_name
        self._covering, self._short, self._also = covering, short, tuple(also)
        self.durations_s: dict[str, float] = {}
        self.is_short: Callable[[Mutant, str], bool] = lambda mutant, name: True
        self._answers = answers
        self._has_failed = False
        self._functions: dict[str, list[types.FunctionType]] = {}
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All mutants, one after the other."""
        self._items = {item.nodeid: item for item in session.items}
        _shrink_nothing(session.items)
        for file in {mutant.file for mutant in self._mutants}:
            importlib.import_module(module_of(file))  # some are loaded by name, only when a test needs them
        self._functions = loaded_functions()
        gc.collect()
        gc.freeze()  # forks share what is there
        for mutant in self._mutants:
            begin_s = time.monotonic()
            chosen, are_all = self._tests_of(mutant)
            result, by = self._meet(mutant, chosen)
            if result == MISSED and not are_all:
                result = SHORT
            row = [result, by, len(chosen), round(time.monotonic() - begin_s, 2)]
            self._answers.write(json.dumps(row) + "\n")
            self._answers.flush()
        return True

    def _tests_of(self, mutant: Mutant) -> tuple[list[pytest.Item], bool]:
        """What it meets, and whether none that could notice it was left out."""
        items, durations_s = self._items, self.durations_s
        every, short = self._covering(mutant), self._short(mutant)
        if mutant.change == "nothing":
            every = short = [name for name in items if durations_s.get(name, 1.0) < 0.05]
        if not every:
            files = tuple(f"{name}::" for name in self._by_name(mutant))
            every = [name for name in items if name.startswith(files)]
            short = [name for name in every if self.is_short(mutant, name)]
        first = [name for name in items if self._also and name.startswith(self._also)]
        rest = [name for name in short if name in items and name not in first]
        return [items[name] for name in (*first, *rest)], len(short) == len(every)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has failed: the mutant is noticed."""
        self._has_failed = self._has_failed or report.failed

    def _meet(self, mutant: Mutant, items: list[pytest.Item]) -> tuple[str, str]:
        begun, told = os.pipe()
        child = os.fork()
        if child == 0:
            self._be(mutant, items, told)
        os.close(told)
        with os.fdopen(begun) as pipe:
            lines = pipe.read().split("\n")
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        last = lines[-2] if len(lines) > 1 else ""
        if status in (-signal.SIGXCPU, -signal.SIGALRM):
            return ENDLESS, last
        if status == BROKEN:
            raise RuntimeError(f"the session itself failed at {last} with {mutant}")
        return (MISSED, "") if status == 0 else (NOT_HERE, "") if status == ELSEWHERE else (NOTICED, last)

    def _be(self, mutant: Mutant, items: list[pytest.Item], told: int) -> None:
        """In the child: the tests with the change; ends the process."""
        code = BROKEN
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            if mutant.change != "nothing" and not _is_put_in(mutant, self._functions):
                os._exit(ELSEWHERE)
            for item, following in zip_longest(items, items[1:]):
                os.write(told, f"{item.nodeid}\n".encode())
                _allow_s(5.0 + 2.0 * self.durations_s.get(item.nodeid, 1.0))
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                if self._has_failed:
                    break
            code = 1 if self._has_failed else 0
        finally:
            os._exit(code)


def _is_put_in(mutant: Mutant, functions: dict[str, list[types.FunctionType]]) -> bool:
    """As `put_in`; a module that cannot even be loaded is noticed."""
    try:
        return put_in(mutant, functions)
    except Exception:
        os._exit(1)


def _allow_s(more_s: float) -> None:
    """So much CPU time from now on, and so much more by the clock, or the end: a loop without end."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most_s = int(used.ru_utime + used.ru_stime + more_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most_s, resource.RLIM_INFINITY))
    signal.alarm(60 + 20 * int(more_s))


def _shrink_nothing(items: Sequence[pytest.Item]) -> None:
    """Nobody reads the smallest example that notices a mutant."""
    from hypothesis import Phase, settings

    key = "_hypothesis_internal_use_settings"
    for function in {
        getattr(item, "obj", None) for item in items if hasattr(getattr(item, "obj", None), key)
    }:
        given = getattr(function, key)
        setattr(function, key, settings(given, phases=(Phase.explicit, Phase.generate)))
