"""What a mutation test changes: every place of a file, the changed tree, and what makes no difference.

`equivalent_mutants.yaml` lists the changes that no test can notice, each with its reason; an entry that fits
no place of the code any more is a fault.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
REGISTER = ROOT / "tools" / "equivalent_mutants.yaml"
COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        file: path in the repository.
        line: number of the line on which the changed part begins.
        node: which node of the tree, in walking order.
        change: what is done to it.
        text: that line, for people and for the register.
        part: source of what is changed, of a branch its condition.
        last: number of the line on which that ends; 0 = `line`.
    """

    file: str
    line: int
    node: int
    change: str
    text: str
    part: str
    last: int = 0


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change of one file."""
    name, source = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    tree, rows = ast.parse(source), source.splitlines()
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
            shown = node.test if isinstance(node, ast.If | ast.IfExp) else node
            part = " ".join((ast.get_source_segment(source, shown) or "").split())
            line = getattr(node, "lineno", 0)
            last = getattr(shown, "end_lineno", line)
            yield Mutant(name, line, number, change, rows[line - 1].strip(), part, last)


@dataclass(frozen=True)
class Equivalent:
    """An entry of the register.

    Attributes:
        file: path in the repository.
        text: the line, without the blanks around it.
        part: of it, as `Mutant.part`.
        change: as `Mutant.change`.
        why: nobody can notice it.
        of: which one where several fit, counted from 1 in walking order; 0 = all of them.
    """

    file: str
    text: str
    part: str
    change: str
    why: str
    of: int = 1

    def fits(self, mutants: Sequence[Mutant]) -> list[Mutant]:
        """The mutants that it speaks of."""
        wanted = (self.file, self.text, self.part, self.change)
        found = [m for m in mutants if (m.file, m.text, m.part, m.change) == wanted]
        return found if self.of == 0 else found[self.of - 1 : self.of]


def equivalents(path: Path = REGISTER) -> list[Equivalent]:
    """The register, `file: [entry, ...]`."""
    read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return [Equivalent(file=file, **entry) for file, entries in read.items() for entry in entries]


def stale_entries(entries: Sequence[Equivalent]) -> list[Equivalent]:
    """Entries that fit nothing in the code of now."""
    files = {entry.file for entry in entries}
    mutants = {f: list(mutants_of(ROOT / f)) if (ROOT / f).is_file() else [] for f in files}
    return [entry for entry in entries if not entry.fits(mutants[entry.file])]


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
