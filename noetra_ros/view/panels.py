"""Parts of the page as HTML: style, distance to people, what happened, messages to the person. No viser."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from itertools import islice

from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.evaluation.report.palette import ACTION_COLOURS, AMBER, KIND_COLOURS, MEASURED, RED
from noetra_ros.view.banner import measured_words
from noetra_ros.view.heard import EventTold, SeparationTold
from noetra_ros.view.wording import Words

BANNER_PX = 84
EVENTS_SHOWN = 8
METERS_SHOWN = 1.5  # length of the bars
KIND_WORDS = {
    ObstacleKind.PERSON: "person",
    ObstacleKind.UNKNOWN: "unknown",
    ObstacleKind.OBJECT: "object",
    ObstacleKind.FIXTURE: "fixture",
}

# The banner lies over the whole width; the emergency stop in it, wherever the panel has been scrolled to.
STYLE = f"""<style>
.nv-banner{{position:fixed;top:0;left:0;right:0;height:{BANNER_PX}px;z-index:150;color:#fff;display:flex;
  align-items:center;gap:22px;padding:0 350px 0 22px;box-shadow:0 1px 8px #0005;font-family:system-ui,sans-serif}}
.nv-title{{font-size:27px;font-weight:700;white-space:nowrap;flex:none}}
.nv-why{{display:flex;flex-direction:column;min-width:0;line-height:1.3}}
.nv-why b{{font-weight:600;font-size:16px}} .nv-why span{{font-size:14px}}
.nv-why small{{font-size:12px;opacity:.9;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}}
.nv-space{{height:{BANNER_PX - 40}px}}
div:has(> .nv-estop)+div button{{position:fixed!important;top:11px;right:16px;width:316px!important;
  height:{BANNER_PX - 22}px!important;z-index:160;font-size:21px;font-weight:800;letter-spacing:.02em;
  background:{RED}!important;border:4px solid #ffd400!important;border-radius:10px;box-shadow:0 2px 8px #0007}}
div:has(> .nv-estop)+div button:focus-visible,button:focus-visible{{outline:4px solid #111!important;outline-offset:2px}}
div:has(> .nv-tall)+div button{{height:2.6em!important;font-weight:650;font-size:15px}}
.nv-note{{margin:2px 10px 8px;padding:7px 10px;border-radius:6px;background:#eef3fb;font-size:13.5px;color:#1d2a3d}}
.nv-note.bad{{background:#fdeaea;color:#7d120c;font-weight:650}} .nv-note:empty{{display:none}}
.nv-part{{margin:2px 10px 8px;font-size:13.5px;color:#39424f}}
.nv-bar{{display:grid;grid-template-columns:6.5em 1fr 4em;gap:8px;align-items:center;margin:3px 0}}
.nv-bar i{{display:block;height:12px;border-radius:6px;background:#e8eaee;overflow:hidden}}
.nv-bar i u{{display:block;height:100%;border-radius:6px}} .nv-bar b{{text-align:right;font-weight:600}}
.nv-key{{display:inline-block;width:.8em;height:.8em;border-radius:3px;margin:0 .3em 0 .8em;vertical-align:-.05em}}
.nv-list{{margin:0;padding:0;list-style:none}} .nv-list li{{padding:4px 0 4px 10px;margin:3px 0;
  border-left:4px solid;line-height:1.3}} .nv-list small{{color:#5b6472}}
@media (max-width:900px){{.nv-banner{{padding:0 246px 0 14px;gap:14px}} .nv-title{{font-size:20px;white-space:normal;
  max-width:8.5em}} .nv-why b{{font-size:13.5px;line-height:1.2}} .nv-why span{{font-size:12.5px}}
  .nv-why small{{display:none}} div:has(> .nv-estop)+div button{{width:222px!important;font-size:17px;right:10px}}}}
</style>"""


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


def legend_html(words: Words) -> str:
    """Colours of obstacles."""
    keys = "".join(
        f'<span class="nv-key" style="background:rgb({",".join(str(round(255 * c)) for c in KIND_COLOURS[kind])})">'
        f"</span>{html.escape(words.label(name))}"
        for kind, name in KIND_WORDS.items()
    )
    return f'<div class="nv-part">{html.escape(words.label("legend"))}{keys}</div>'


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
    numbers = measured_words(event, words)
    small = " · ".join(html.escape(part) for part in (event.clock, numbers) if part)
    return f'<li style="border-color:{colour}">{html.escape(why)}{times}<br><small>{small}</small></li>'
