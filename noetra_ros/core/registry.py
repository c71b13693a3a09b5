"""Named entries found by file: a new check, backend, task or world is one new file and no edit elsewhere."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from noetra_ros.core.errors import single_fault

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Entries registered under the name of the file that defines them.

    Each module directly in `package` may call ``@registry.register("file_name")``. A module is
    imported only when its entry is asked for, so heavy imports stay out of `names()`.

    Args:
        kind: what the entries are, for messages, e.g. ``"policy backend"``.
        package: dotted name of the package whose modules hold the entries.
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._entries: dict[str, Entry] = {}

    def register(self, name: str) -> Callable[[Entry], Entry]:
        """Decorator that enters a class or function under `name` (= its file name); called on the class below
        it where that may become machine code, which knows no such decorators.
        """

        def enter(entry: Entry) -> Entry:
            module = getattr(entry, "__module__", "").rsplit(".", 1)[-1]
            if module != name:
                raise ValueError(f"{self.kind} {name!r} must live in {name}.py, found in {module}.py")
            self._entries[name] = entry
            return entry

        return enter

    def names(self) -> list[str]:
        """All known names, without importing the entries."""
        path: Any = importlib.import_module(self.package).__path__
        return sorted(m.name for m in pkgutil.iter_modules(path) if not m.name.startswith("_"))

    def get(self, name: str) -> Entry:
        """The entry called `name`.

        Raises:
            ConfigError: no such name; lists the known ones.
        """
        if name not in self._entries:
            known = self.names()
            if name not in known:
                raise single_fault(self.kind, "name", repr(name), f"one of {', '.join(known)}")
            importlib.import_module(f"{self.package}.{name}")
        if name not in self._entries:
            raise single_fault(self.kind, name, "a file that registers nothing", f'@register("{name}") in it')
        return self._entries[name]
