"""Lets the tests of this folder share their files, and counts the commands of the pages at the end."""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_terminal_summary(terminalreporter) -> None:
    """Says how many commands of the pages are run, and why the others are not."""
    from blocks import PAGES, shell_blocks

    names = [report.nodeid for report in terminalreporter.getreports("passed")]
    if not any(name.startswith("test/docs/test_commands.py") for name in names):
        return
    blocks = [block for page in PAGES for block in shell_blocks(page)]
    reasons = Counter(block.orders["not run"] for block in blocks if "not run" in block.orders)
    terminalreporter.section("shell blocks of the documentation")
    terminalreporter.write_line(f"{len(blocks) - reasons.total()} of {len(blocks)} are run; not run:")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"  {count}: {reason}")
