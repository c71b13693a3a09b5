"""Lines of the nodes: prefixed, coloured on terminals only, kept in files where asked."""

import io

from noetra_ros.cli.console_log import ConsoleLog


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_in_a_pipe_a_line_has_a_name_and_no_colour():
    stream = io.StringIO()
    ConsoleLog(stream).line("sim", "WARN slow")
    assert stream.getvalue() == "sim        | WARN slow\n"


def test_on_a_terminal_name_and_level_are_coloured(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    ConsoleLog(stream).line("sim", "ERROR broken")
    assert stream.getvalue() == "\x1b[34msim        |\x1b[0m \x1b[1;31mERROR broken\x1b[0m\n"


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    ConsoleLog(stream).line("sim", "ERROR broken")
    assert "\x1b" not in stream.getvalue()


def test_each_node_has_a_file_where_asked(tmp_path):
    log = ConsoleLog(io.StringIO(), tmp_path)
    log.line("sim", "one")
    log.line("policy", "two")
    log.line("sim", "three")
    log.close()
    assert (tmp_path / "sim.log").read_text() == "one\nthree\n"
    assert (tmp_path / "policy.log").read_text() == "two\n"
