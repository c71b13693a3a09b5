"""The page put together: banner, controls, panels, plots and cameras, in the language that was chosen."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from noetra_ros.core.types import ImageArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.view.banner import banner_html, banner_of
from noetra_ros.view.controls import Controls, Operator
from noetra_ros.view.heard import Heard
from noetra_ros.view.panels import events_html, legend_html, note_html, separation_html, style_html
from noetra_ros.view.pictures import side_by_side
from noetra_ros.view.plots import Plots
from noetra_ros.view.scene import Scene
from noetra_ros.view.wording import Words, languages, words_of

PANEL_PX = 380
JPEG_QUALITY = 80
PLOTS_NS = 500_000_000
NOTE_NS = 12_000_000_000


class Page:
    """Everything on the page. `update` and `show_pictures` belong to one thread, `tell` to any.

    Args:
        server: of viser, behind its gate.
        profile: the robot.
        operator: carries out what a person asks for.
        language: to begin with.
    """

    def __init__(self, server: Any, profile: RobotProfile, operator: Operator, language: str) -> None:
        self._gui, self._profile, self._operator = server.gui, profile, operator
        self._gui.configure_theme(show_logo=False, show_share_button=False)
        self._gui.set_panel_label(f"noetra · {profile.name}")
        self._gui.main_panel.dock_right()
        self._gui.main_panel.set_width(PANEL_PX)
        self._scene = Scene(server, profile)
        self._lock = threading.Lock()
        self._note: tuple[str, dict[str, object], bool] | None = None
        self._note_ns = self._plots_ns = 0
        self._wanted = self._language = language
        self._shown: dict[str, str] = {}
        self._build("")

    def tell(self, label: str, is_bad: bool = False, **values: object) -> None:
        """Show a message to whoever looks: a label of the words, with its values."""
        with self._lock:
            self._note, self._note_ns = (label, values, is_bad), 0

    def update(self, heard: Heard, now_ns: int) -> None:
        """Draw this instant (`now_ns` monotonic)."""
        if self._wanted != self._language:
            self._language = self._wanted
            self._rebuild()
        self._show("banner", self._banner, banner_html(banner_of(heard, self._words, now_ns)))
        self._show("separation", self._separation, separation_html(heard.separation, self._words))
        self._show("events", self._events, events_html(heard.events, self._words))
        self._show("note", self._notes, self._note_html(now_ns))
        self._controls.update(heard.safety)
        self._scene.update(heard, now_ns)
        if now_ns - self._plots_ns > PLOTS_NS:
            self._plots_ns = now_ns
            self._plots.update(heard, now_ns)

    def show_pictures(self, pictures: Mapping[str, ImageArray]) -> None:
        """What the cameras see now, (height, width, 3) uint8 by name; not empty."""
        sheet = side_by_side(pictures)
        if self._camera is None:
            with self._camera_folder:
                self._camera = self._gui.add_image(sheet, format="jpeg", jpeg_quality=JPEG_QUALITY)
            self._no_picture.content = ""
        else:
            self._camera.image = sheet

    @property
    def _words(self) -> Words:
        return words_of(self._language)

    def _show(self, name: str, part: Any, text: str) -> None:
        """Send a part only where it has changed."""
        if self._shown.get(name) != text:
            self._shown[name] = part.content = text

    def _note_html(self, now_ns: int) -> str:
        with self._lock:
            if self._note is not None and not self._note_ns:
                self._note_ns = now_ns
            if self._note is None or now_ns - self._note_ns > NOTE_NS:
                self._note = None
                return ""
            label, values, is_bad = self._note
        return note_html(self._words.label(label, **values), is_bad)

    def _rebuild(self) -> None:
        sentence = self._controls.sentence
        self._controls.remove()
        self._root.remove()
        self._build(sentence)

    def _build(self, sentence: str) -> None:
        gui, words = self._gui, self._words
        self._shown, self._camera = {}, None
        self._root = gui.add_folder(None)
        with self._root:
            gui.add_html(style_html())
            self._banner = gui.add_html("")
            gui.add_html('<div class="nv-space"></div>')
            self._controls = Controls(gui, words, self._operator, self.tell, sentence)
            self._notes = gui.add_html("")
            self._build_panels(gui, words)

    def _build_panels(self, gui: Any, words: Words) -> None:
        with gui.add_folder(words.label("separation")):
            self._separation = gui.add_html("")
            gui.add_html(legend_html(words, "scan" in self._profile.streams))
        self._camera_folder = gui.add_folder(words.label("cameras"))
        with self._camera_folder:
            self._no_picture = gui.add_html(f'<div class="nv-part">{words.label("no_picture")}</div>')
        with gui.add_folder(words.label("plots")):
            self._plots = Plots(gui, words)
        with gui.add_folder(words.label("events")):
            self._events = gui.add_html("")
        with gui.add_folder(words.label("show")):
            ghost = gui.add_checkbox(words.label("ghost"), self._scene.is_ghost_shown)
            ghost.on_update(lambda _: setattr(self._scene, "is_ghost_shown", bool(ghost.value)))
            names = {words_of(code).name: code for code in languages()}
            choice = gui.add_dropdown("Language / 言語", tuple(names), initial_value=words.name)
            choice.on_update(lambda _: setattr(self, "_wanted", names[choice.value]))
