"""Parts of the page as HTML: style, distance to people, what happened, messages to the person. No viser."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.evaluation.report.palette import ACTION_COLOURS, AMBER, KIND_COLOURS, MEASURED, RED
from noetra_ros.view.banner import measured_words
from noetra_ros.view.heard import EventTold, SeparationTold
from noetra_ros.view.wording import Words

STYLE_FILE = Path(__file__).with_name("style.css")
BANNER_PX = 84
EVENTS_SHOWN = 8
METERS_SHOWN = 1.5  # length of the bars
KIND_WORDS = {
    ObstacleKind.PERSON: "person",
    ObstacleKind.UNKNOWN: "unknown",
    ObstacleKind.OBJECT: "object",
    ObstacleKind.FIXTURE: "fixture",
}


def style_html() -> str:
    """The style sheet."""
    sheet = STYLE_FILE.read_text(encoding="utf-8")
    return f"<style>{sheet.replace('BANNER_PX', f'{BANNER_PX}px').replace('STOP_COLOUR', RED)}</style>"


def note_html(text: str, is_bad: bool) -> str:
    """A message to the person; empty = none."""
    return f'<div class="nv-note{" bad" if is_bad else ""}" role="alert">{html.escape(text)}</div>'


def separation_html(told: SeparationTold | None, words: Words) -> str:
    """Measured and required distance as two bars of one scale."""
    if told is None or not told.is_watching:
        return f'<div class="nv-part">{html.escape(words.label("not_watched"))}</div>'
    if not told.has_person or not math.isfinite(told.distance_m):
        return f'<div class="nv-part">{html.escape(words.label("nobody"))}</div>'
    rows = (("distance", told.distance_m, MEASURED), ("required", told.required_m, AMBER))
    return f'<div class="nv-part">{"".join(_bar(words.label(key), m, c) for key, m, c in rows)}</div>'


def _bar(name: str, length_m: float, colour: str) -> str:
    share = min(max(length_m / METERS_SHOWN, 0.0), 1.0)
    return (
        f'<div class="nv-bar"><span>{html.escape(name)}</span><i><u style="width:{100 * share:.0f}%;'
        f'background:{colour}"></u></i><b>{length_m:.2f} m</b></div>'
    )


def legend_html(words: Words, has_scan: bool = False) -> str:
    """Colours of obstacles, and of what a laser scanner meets where there is one."""
    colours = {name: _css(KIND_COLOURS[kind]) for kind, name in KIND_WORDS.items()}
    if has_scan:
        colours["scan"] = MEASURED
    keys = "".join(_key(colour, words.label(name)) for name, colour in colours.items())
    return f'<div class="nv-part">{html.escape(words.label("legend"))}{keys}</div>'


def _css(colour: tuple[float, float, float]) -> str:
    return f"rgb({','.join(str(round(255 * part)) for part in colour)})"


def _key(colour: str, name: str) -> str:
    patch = f'<span class="nv-key" style="background:{colour}"></span>'
    return f'<span class="nv-kind">{patch}{html.escape(name)}</span> '


def events_html(events: Iterable[EventTold], words: Words) -> str:
    """The newest events, newest first."""
    lines = "".join(_line(event, words) for event in islice(events, EVENTS_SHOWN))
    if not lines:
        return f'<div class="nv-part">{html.escape(words.label("nothing_yet"))}</div>'
    return f'<div class="nv-part"><ul class="nv-list">{lines}</ul></div>'


def _line(event: EventTold, words: Words) -> str:
    colour = ACTION_COLOURS.get(event.action, ACTION_COLOURS["unknown"])
    times = f" ×{event.repeats}" if event.repeats > 1 else ""
    why = event.reason if event.check in ("operator", "trajectory") else words.check(event.check)
    if event.action == "pass" and event.check != "trajectory":
        why = words.label("over", why=why)
    numbers = measured_words(event, words)
    small = " · ".join(html.escape(part) for part in (event.clock, numbers) if part)
    return f'<li style="border-color:{colour}">{html.escape(why)}{times}<br><small>{small}</small></li>'
