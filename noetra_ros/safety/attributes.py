"""Attributes of objects by name, the same whether Python or machine code made the class (see `kernel`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def attributes_of(thing: object) -> dict[str, Any]:
    """Value of each attribute that `thing` has now, private ones included, as ``vars`` gives it."""
    own = getattr(thing, "__dict__", None)
    if own is not None:
        return dict(own)
    return {name: getattr(thing, name) for name in _declared(type(thing)) if hasattr(thing, name)}


def public_names(kind: type) -> tuple[str, ...]:
    """Attributes that a class declares in its body, in this order."""
    names = _declared(kind) if hasattr(kind, "__mypyc_attrs__") else kind.__annotations__
    return tuple([name for name in names if not name.startswith("_")])


def changed(thing: T, **changes: Any) -> T:
    """As `thing`, with some attributes of others: of classes that take each of their public names."""
    kept = {name: getattr(thing, name) for name in public_names(type(thing))}
    return type(thing)(**{**kept, **changes})


def written(thing: object) -> str:
    """`thing` with its public names, for people."""
    parts = [f"{name}={getattr(thing, name)!r}" for name in public_names(type(thing))]
    return f"{type(thing).__name__}({', '.join(parts)})"


def _declared(kind: type) -> Iterator[str]:
    """Attributes of a class of machine code, those of its bases first."""
    for base in reversed(kind.__mro__):
        yield from vars(base).get("__mypyc_attrs__", ())
