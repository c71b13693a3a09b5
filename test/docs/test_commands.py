"""Every shell command of the documentation is run as it stands, or says why it cannot be."""

import re

import pytest
from blocks import ORDERS, PAGES, REPO, read_blocks, shell_blocks, steps
from terminal import Desk

UNSAID = {"", "sh", "shell", "console", "zsh"}  # commands are `bash`; anything else says what it is
REASON_LETTERS = 15
WITH_COMMANDS = [page for page in PAGES if any("not run" not in block.orders for block in shell_blocks(page))]


@pytest.mark.ros
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(REPO)))
def test_the_commands_of_a_page_work(page, tmp_path):
    desk = Desk(tmp_path)
    try:
        for block in steps(page):
            desk.follow(block)
        desk.close_terminals()
    finally:
        desk.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_every_block_says_what_it_is(page):
    blocks = read_blocks(page)
    assert [block.place for block in blocks if block.language in UNSAID] == []
    for block in blocks:
        assert ("file" not in block.orders) or block.language != "bash", (
            f"{block.place}: a file, and commands"
        )
        assert set(block.orders) <= {"file"} or block.language == "bash", f"{block.place}: is for bash blocks"
        reason = block.orders.get("not run", "-" * REASON_LETTERS)
        assert len(reason) >= REASON_LETTERS, f"{block.place}: a reason, please"
        assert not {"run with", "runs on"} <= set(block.orders), block.place


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPO)))
def test_no_order_is_misspelt(page):
    """A comment that the reader of blocks does not know would silently change what is run."""
    lines = page.read_text(encoding="utf-8").splitlines()
    comments = [line for line, below in zip(lines, [*lines[1:], ""], strict=True) if below.startswith("```")]
    unknown = [line for line in comments if line.startswith("<!--")]
    known = tuple(f"<!-- {order}: " for order in ORDERS)
    assert [line for line in unknown if not line.startswith(known)] == []


def test_nothing_is_run_that_changes_the_environment():
    """`make` works in the tree itself, wherever it is called; packages are not installed by a test."""
    changing = re.compile(r"^\s*(?:[A-Z_]+=\S+ )*(?:make|pip|sudo|git|rosdep|colcon)\b", re.MULTILINE)
    runs = [block for page in PAGES for block in shell_blocks(page) if "not run" not in block.orders]
    assert [block.place for block in runs if changing.search(block.text)] == []


def test_a_test_that_is_named_in_place_of_running_exists():
    reasons = [b.orders["not run"] for page in PAGES for b in shell_blocks(page) if "not run" in b.orders]
    named = [word.rstrip(".,;)") for reason in reasons for word in reason.split() if word.startswith("test/")]
    assert [path for path in named if not (REPO / path).is_file()] == []


def test_what_another_page_is_said_to_run_is_run_there():
    for block in [b for page in PAGES for b in shell_blocks(page)]:
        if found := re.fullmatch(r"(docs/\S+\.md) runs it", block.orders.get("not run", "")):
            texts = [other.text for other in shell_blocks(REPO / found[1]) if "not run" not in other.orders]
            assert block.text in texts, f"{block.place}: not in {found[1]}"
