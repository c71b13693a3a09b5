"""What a person can do on the page: emergency stop, sentence, start, stop, reset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from noetra_ros.evaluation.report.palette import AMBER, GREEN, RED, rgb
from noetra_ros.view.heard import LATCHED, SafetyTold
from noetra_ros.view.wording import Words

ESTOP_KEY = "escape"
MAX_SENTENCE = 500


class Operator(Protocol):
    """Carries out what a person asked for. Every method returns at once and may be called on any thread."""

    def press_estop(self) -> None:
        """Emergency stop, latched; asked for again until the supervisor has stopped the robot."""
        ...

    def start(self, sentence: str, arm_first: bool) -> None:
        """Follow a sentence; arm before that where it is asked for."""
        ...

    def stop(self) -> None:
        """End what is followed; controlled stop, then standby."""
        ...

    def reset(self) -> None:
        """Leave a latched mode; moves nothing."""
        ...


class Controls:
    """Buttons and the box for the sentence.

    Args:
        gui: of viser; the controls go where it adds now.
        words: language.
        operator: does it.
        tell: shows a person a label of the words, and whether it is bad.
        sentence: in the box at the beginning.
    """

    def __init__(
        self, gui: Any, words: Words, operator: Operator, tell: Callable[[str, bool], None], sentence: str
    ) -> None:
        self._words, self._operator, self._tell = words, operator, tell
        self._is_armed = False
        label = words.label
        gui.add_html('<div class="nv-estop"></div>')
        estop = gui.add_button(label("estop"), color=rgb(RED), hint=label("estop_hint"))
        estop.on_click(lambda _: operator.press_estop())
        self._key = gui.add_command(label("estop"), description=label("estop_hint"), hotkey=ESTOP_KEY)
        self._key.on_trigger(lambda _: operator.press_estop())
        self._sentence = gui.add_text(label("sentence"), sentence, hint=label("sentence_hint"))
        self._start = self._button(gui, "start", GREEN, self._on_start)
        self._stop = self._button(gui, "stop", AMBER, lambda _: operator.stop())
        self._reset = self._button(gui, "reset", "#4a5568", self._on_reset)

    def _button(self, gui: Any, name: str, colour: str, on_click: Callable[[Any], None]) -> Any:
        gui.add_html('<div class="nv-tall"></div>')
        button = gui.add_button(self._words.label(name), color=rgb(colour))
        button.on_click(on_click)
        return button

    @property
    def sentence(self) -> str:
        """What stands in the box."""
        return str(self._sentence.value).strip()[:MAX_SENTENCE]

    def update(self, told: SafetyTold) -> None:
        """Offer what the mode allows; the emergency stop always."""
        is_latched = told.mode in LATCHED
        self._is_armed = told.is_armed
        for button, is_offered in ((self._start, not is_latched), (self._reset, is_latched)):
            if button.disabled is is_offered:
                button.disabled = not is_offered

    def remove(self) -> None:
        """Take the key away; the rest goes with what it lies in."""
        self._key.remove()

    def _on_start(self, event: Any) -> None:
        sentence = self.sentence
        if not sentence:
            self._tell("no_sentence", True)
        elif self._is_armed:
            self._operator.start(sentence, False)
        else:
            question = self._words.label("arm_question", sentence=_plain(sentence))
            self._ask(event, "arm", question, lambda: self._operator.start(sentence, True))

    def _on_reset(self, event: Any) -> None:
        self._ask(event, "reset", self._words.label("reset_question"), self._operator.reset)

    def _ask(self, event: Any, what: str, question: str, act: Callable[[], None]) -> None:
        """A question to whoever pressed, and to nobody else."""
        gui, label = event.client.gui, self._words.label
        dialog = gui.add_modal(label(f"{what}_title"))
        with dialog:
            gui.add_markdown(question)
            no = gui.add_button(label("cancel"), color="gray")  # first: the key Enter answers no
            yes = gui.add_button(label(f"{what}_yes"), color=rgb(RED if what == "arm" else "#4a5568"))

        def agree(_: object) -> None:
            dialog.close()
            act()

        yes.on_click(agree)
        no.on_click(lambda _: dialog.close())


def _plain(sentence: str) -> str:
    """A sentence as Markdown shows it letter by letter."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>()#+-.!|~$" else c for c in sentence)
