"""Shell blocks of the documentation, and what the comments above them say about running them.

Above a ```bash block, invisible to readers, each on a line of its own:

- ``<!-- not run: REASON -->``: it cannot be run here; the reason is printed with the count at the end;
- ``<!-- run with: ARGUMENTS -->``: these are added to its last line, to make it shorter;
- ``<!-- runs on: WORDS -->``: it never ends; ready when it has printed WORDS, at once for ``(silently)``,
  and gets Ctrl-C at the end of its section (the next heading of one or two #);
- ``<!-- beside: WORDS: COMMAND -->``: COMMAND is such a terminal, which the page does not show again;
- ``<!-- prints: WORDS -->``: its output holds WORDS; it is tried again for a while until it does;
- ``<!-- ends with: NUMBER -->``: its exit code, where it is not 0.

Pages of docs/evidence are records: their commands made them, took hours and are not run.

Above a block of another language, ``<!-- file: NAME -->``: the reader has it as a file of that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

REPO = Path(__file__).parents[2]
SILENTLY = "(silently)"
PAGES = [REPO / "README.md", REPO / "CONTRIBUTING.md", *sorted((REPO / "docs").rglob("*.md"))]
RECORDS = "docs/evidence/"
OF_A_RECORD = "a record: the page is what came of this command, on the machine that it names"
ORDERS = ("not run", "run with", "runs on", "beside", "prints", "ends with", "file")
ORDER = re.compile(rf"^<!-- ({'|'.join(ORDERS)}): (.*) -->$")


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        page: path from the root of the repository.
        line: number of its first line of text.
        section: running number of the heading that it stands below.
        language: word behind the fence.
        text: what is in it.
        orders: what the comments above it say, by ORDERS.
    """

    page: str
    line: int
    section: int
    language: str
    text: str
    orders: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.page}:{self.line}"


def read_blocks(path: Path) -> list[Block]:
    """All fenced blocks of a page."""
    lines = path.read_text(encoding="utf-8").splitlines()
    blocks, section, start = [], 0, -1
    for number, line in enumerate(lines):
        if start < 0 and line.startswith(("# ", "## ")):
            section += 1
        if not line.startswith("```"):
            continue
        if start < 0:
            start = number
            continue
        text = "\n".join(lines[start + 1 : number]) + "\n"
        page = str(path.relative_to(REPO))
        language, orders = lines[start][3:], _orders(lines, start)
        if page.startswith(RECORDS) and language == "bash":
            orders = {"not run": OF_A_RECORD}
        blocks.append(Block(page, start + 2, section, language, text, orders))
        start = -1
    return blocks


def shell_blocks(path: Path) -> list[Block]:
    """The commands of a page."""
    return [block for block in read_blocks(path) if block.language == "bash"]


def steps(path: Path) -> list[Block]:
    """What a reader does, in order: commands that are run, and files that are written."""
    blocks = read_blocks(path)
    return [b for b in blocks if (b.language == "bash" and "not run" not in b.orders) or "file" in b.orders]


def _orders(lines: list[str], fence: int) -> dict[str, str]:
    found = {}
    while fence > 0 and (order := ORDER.match(lines[fence - 1])):
        found[order[1]] = order[2]
        fence -= 1
    return found
