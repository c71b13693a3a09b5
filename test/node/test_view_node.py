"""The live page beside a real supervisor: what it shows, and what its buttons do; also in a real browser."""

import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import Browser, browser_program
from noetra_ros.msg import SafetyState
from page_bench import PageBench

from noetra_ros.ros.node_parameters import ros_arguments
from noetra_ros.view.page_client import PageClient
from noetra_ros.view.wording import words_of

has_viser = importlib.util.find_spec("viser") is not None
pytestmark = [
    pytest.mark.ros,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not has_viser, reason="viser is not installed: pip install 'noetra_ros[view]'"),
]
needs_chromium = pytest.mark.skipif(
    browser_program() is None, reason="no Chromium, the page is not looked at: apt-get install chromium"
)
SENTENCE = "put the red cube into the bowl"
PICTURES = os.environ.get("NOETRA_VIEW_PICTURES", "")


@contextmanager
def page_beside(language="en", **parameters):
    """The bench, served in the background while a test looks at the page."""
    bench = PageBench(language, **parameters)
    try:
        yield bench
    finally:
        code = bench.close()
    assert code == 0, bench.page_errors
    assert "Traceback" not in bench.page_errors, bench.page_errors


@contextmanager
def serving(bench):
    """Spins the bench on a thread of its own."""
    is_over = threading.Event()

    def spin():
        while not is_over.is_set():
            bench.executor.spin_once(timeout_sec=0.02)

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def connected(bench):
    import viser

    found = []

    def is_there():
        try:
            found.append(PageClient("127.0.0.1", bench.port, viser.__version__))
        except OSError:
            assert bench.page.poll() is None, bench.page.stderr.read()
            return False
        return True

    bench.spin_until(is_there, "the page")
    return found[0]


def banner(client, mode):
    """True once the page shows this mode."""
    parts = list(client.parts.values())
    return any(f'data-mode="{mode}"' in str(part.get("content", "")) for part in parts)


def press(bench, client, label):
    with serving(bench):
        client.press(client.wait_button(words_of("en").label(label)))


def test_emergency_stop_latches_and_reset_asks_first():
    with page_beside() as bench, connected(bench) as client:
        bench.start_commands(bench.swing)
        bench.spin_until(lambda: banner(client, "active"), "the page to say so")
        press(bench, client, "estop")
        bench.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
        bench.spin_until(lambda: banner(client, "emergency_stop"), "the page to say so")
        press(bench, client, "reset")
        press(bench, client, "cancel")
        bench.spin_for(1.0)
        assert bench.mode == SafetyState.MODE_EMERGENCY_STOP
        press(bench, client, "reset")
        press(bench, client, "reset_yes")
        bench.wait_mode(SafetyState.MODE_STANDBY)
        outputs = len(bench.outputs)
        bench.spin_for(0.5)
        assert len(bench.outputs) == outputs, "a reset moved the robot"


def test_stop_is_a_controlled_stop_and_standby():
    with page_beside() as bench, connected(bench) as client:
        bench.start_commands(bench.swing)
        press(bench, client, "stop")
        bench.wait_mode(SafetyState.MODE_STANDBY)


def test_another_language_chosen_on_the_page_says_and_does_the_same():
    with page_beside() as bench, connected(bench) as client:
        bench.start_commands(bench.swing)
        with serving(bench):
            client.wait_button(words_of("en").label("estop"))
            wait_for(lambda: languages_shown(client))
            client.change(languages_shown(client)[0], words_of("ja").name)
            client.press(client.wait_button(words_of("ja").label("estop")))
            wait_for(lambda: bench.mode == SafetyState.MODE_EMERGENCY_STOP)
            wait_for(lambda: banner(client, "emergency_stop"))


def languages_shown(client):
    return [uuid for uuid, part in list(client.parts.items()) if part["kind"] == "GuiDropdownMessage"]


def test_a_supervisor_that_dies_is_told():
    with page_beside() as bench, connected(bench) as client:
        bench.wait_mode(SafetyState.MODE_STANDBY)
        bench.spin_until(lambda: banner(client, "standby"), "the page to say so")
        bench.process.kill()
        bench.process.wait()
        with serving(bench):
            wait_for(lambda: banner(client, "unknown"))
        bench.process = subprocess.Popen([sys.executable, "-c", ""], stderr=subprocess.PIPE)


def wait_for(is_done, limit_s=30.0):
    end_s = time.monotonic() + limit_s
    while not is_done():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def test_an_address_of_somebody_else_is_a_wrong_set_up():
    arguments = ros_arguments("view", {"robot": "so101", "host": "192.0.2.1", "port": 0})
    run = subprocess.run(
        [sys.executable, "-m", "noetra_ros.ros.view_node", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert run.returncode == 2
    assert "host" in run.stderr and "an address of this machine" in run.stderr


def test_the_token_is_printed_and_told_to_no_log():
    arguments = ros_arguments("view", {"robot": "so101", "host": "0.0.0.0", "port": 0})
    program = [sys.executable, "-m", "noetra_ros.ros.view_node", *arguments]
    page = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = page.stdout.readline()
    page.terminate()
    _, errors = page.communicate(timeout=30.0)
    address, _, token = line.strip().partition("?token=")
    assert address.startswith("live page: http://") and len(token) >= 32
    assert page.returncode == 0 and token not in errors


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_person_works_with_the_page(language, tmp_path):
    folder = Path(PICTURES or tmp_path)
    words = words_of(language)
    with page_beside(language) as bench, serving(bench), Browser(1280, 860) as browser:
        look = Look(browser, folder, language)
        wait_for(lambda: is_open(bench.port))
        browser.open(f"http://127.0.0.1:{bench.port}/")
        look.at("standby", "idle")
        bench.next_command = bench.swing
        browser.write(SENTENCE)
        browser.press(words.label("start"))
        browser.wait_text(words.label("arm_title"))
        look.take("question")
        assert look.can_stop(), "a dialog lies over the emergency stop"
        browser.press(words.label("arm_yes"))
        look.at("active", "running")
        wait_for(lambda: bench.sentences == [SENTENCE])
        bench.person.distance_m, bench.person.nearest_m, bench.person.speed_mps = 1.6, 0.35, -0.3
        wait_for(lambda: bench.mode == SafetyState.MODE_SLOWED)
        bench.person.speed_mps = 0.0
        look.at("slowed", "slowed")
        browser.key("Escape", "Escape", 27)
        wait_for(lambda: bench.mode == SafetyState.MODE_EMERGENCY_STOP)
        look.at("emergency_stop", "estop")
        look.tablet()
        assert browser.foreign_requests() == []


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Look:
    """Pictures of the page, and what they must show."""

    def __init__(self, browser, folder, language):
        self.browser, self.folder, self.language = browser, folder, language
        folder.mkdir(parents=True, exist_ok=True)

    def at(self, mode, name):
        """Wait until the banner shows a mode, in the words of the language."""
        shown = f"document.querySelector('.nv-banner')?.dataset.mode === '{mode}'"
        self.browser.wait_until(shown, f"the mode {mode}", 90.0)
        assert words_of(self.language).mode(mode)[0] in self.browser.text
        self.take(name)

    def take(self, name):
        self.browser.settle()
        self.browser.clear_notices()
        self.browser.settle()
        self.browser.picture(self.folder / f"{name}_{self.language}.png")

    def can_stop(self):
        """The emergency stop can be pressed where it is shown."""
        label = words_of(self.language).label("estop")
        return self.browser.value(
            f"(e => (b => e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)))"
            f"(e.getBoundingClientRect()))([...document.querySelectorAll('button')]"
            f".find(b => b.innerText.trim() === '{label}'))"
        )

    def tablet(self):
        """Upright: nothing is wider than the window, and the emergency stop can be reached."""
        self.browser.resize(820, 1180)
        self.take("tablet")
        assert self.browser.value("document.documentElement.scrollWidth") <= 820
        label = words_of(self.language).label("estop")
        box = self.browser.value(
            f"(b => ({{l: b.left, r: b.right, h: b.height}}))([...document.querySelectorAll('button')]"
            f".find(b => b.innerText.trim() === '{label}').getBoundingClientRect())"
        )
        assert box["l"] >= 0 and box["r"] <= 820 and box["h"] >= 44, box  # 44 px: WCAG 2.5.5
        reached = (
            "[...document.querySelectorAll('button')].every(b => b.tabIndex >= 0 || !b.innerText.trim())"
        )
        assert self.browser.value(reached)
