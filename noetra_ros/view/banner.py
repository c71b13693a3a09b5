"""The banner: mode, why, and what was measured; in words and as HTML. No viser, no ROS."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

from noetra_ros.evaluation.report.palette import GREY, MODE_STYLES
from noetra_ros.view.heard import FULL, EventTold, Heard, SafetyTold
from noetra_ros.view.wording import Words

EXPLAINED = ("slowed", "protective_stop", "emergency_stop", "fault")


@dataclass(frozen=True)
class Banner:
    """What a person reads first.

    Attributes:
        mode: name of the mode, ``unknown`` while the supervisor is silent.
        colour: of the mode, hex; the same as in every report.
        title: the mode in large letters.
        why: the cause in plain words; in calm modes what the mode means.
        numbers: what was measured against which limit; empty = nothing.
        detail: the supervisor's own words; empty = none.
    """

    mode: str
    colour: str
    title: str
    why: str
    numbers: str
    detail: str


def banner_of(heard: Heard, words: Words, now_ns: int) -> Banner:
    """The banner of this instant (`now_ns` monotonic)."""
    silent_s = heard.silent_s(now_ns)
    if silent_s is not None:
        title, sentence = words.mode("unknown")
        for_s = words.label("silent_for", seconds=f"{silent_s:.0f}") if math.isfinite(silent_s) else ""
        return Banner("unknown", GREY, title, sentence, for_s, "")
    told = heard.safety
    title, sentence = words.mode(told.mode)
    style = MODE_STYLES.get(told.mode, MODE_STYLES["unknown"])
    cause = heard.cause_name() if told.mode in EXPLAINED else ""
    why = f"{words.check(cause)} {sentence}" if cause and told.mode != "slowed" else sentence
    if cause and told.mode == "slowed":
        why = words.check(cause)
    event = heard.cause if heard.cause is not None and heard.cause.check == cause else None
    measured = measured_words(event, words) if event is not None and cause else ""
    detail = "" if measured else told.reason  # says the same
    return Banner(told.mode, style.colour, title, why, _numbers(told, measured, words), detail)


def measured_words(event: EventTold, words: Words) -> str:
    """What was measured against which limit; empty where there are no two numbers."""
    if not (math.isfinite(event.measured) and math.isfinite(event.limit)):
        return ""
    unit = "" if event.unit in ("", "1") else f" {event.unit}"
    values = {"measured": f"{event.measured:.3g}{unit}", "limit": f"{event.limit:.3g}{unit}"}
    text = words.label("measured_and_limit", **values)
    return f"{event.subject}: {text}" if event.subject else text


def _numbers(told: SafetyTold, measured: str, words: Words) -> str:
    parts = [measured]
    if told.mode in ("active", "slowed"):
        parts.append(words.label("scale", percent=round(100.0 * told.scale)))
    if told.phase != FULL:
        parts.append(words.phase(told.phase))
    if told.is_speed_reduced:
        parts.append(words.label("reduced"))
    return " · ".join(part for part in parts if part)


def banner_html(banner: Banner) -> str:
    """The banner for the page; everything that came from outside is escaped."""
    title, why, numbers, detail = (
        html.escape(text) for text in (banner.title, banner.why, banner.numbers, banner.detail)
    )
    return (
        f'<div class="nv-banner" role="status" aria-live="assertive" data-mode="{html.escape(banner.mode)}" '
        f'style="background:{banner.colour}"><div class="nv-title">{title}</div>'
        f'<div class="nv-why"><b>{why}</b><span>{numbers}</span><small>{detail}</small></div></div>'
    )
