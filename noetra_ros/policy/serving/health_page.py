"""The health of a server as a page for people: state, robots, times, counts; renews itself."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from noetra_ros.policy.serving.health import PERCENTILES, Health

GREEN, RED = "#1b7f3b", "#b3261e"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>{model}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; color: #222 }}
h1 {{ font-size: 1.4rem }}
h2 {{ font-size: 1.1rem; margin: 2rem 0 .3rem }}
.state {{ padding: .1rem .6rem; border-radius: .6rem; color: #fff; background: {colour} }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: right; padding: .25rem 0 .25rem 1rem; border-bottom: 1px solid #ddd }}
td {{ font-variant-numeric: tabular-nums }}
th:first-child, td:first-child {{ text-align: left; padding-left: 0 }}
</style></head><body>
<h1>{model} <span class="state">{state}</span></h1>
<p>{summary}</p>
<h2>Robots</h2>{robots}
<h2>Time of a request, ms</h2>{stages}
<h2>What became of requests and connections</h2>{counts}
</body></html>
"""


def page_of(health: Health) -> str:
    """The page, complete in itself."""
    robots = [(r.name, r.address, str(r.answered), _ago(r.last_s)) for r in health.robots]
    stages = [(stage, *(f"{ms:.2f}" for ms in times.values())) for stage, times in health.times_ms.items()]
    counts = [(word, str(count)) for word, count in sorted(health.counts.items())]
    return PAGE.format(
        model=html.escape(health.model),
        state=health.state,
        colour=RED if health.is_stuck else GREEN,
        summary=f"Up for {health.uptime_s:.0f} s; {health.mean_batch:.2f} requests to a batch.",
        robots=_table(("robot", "from", "answered", "last answer"), robots, "No robot is connected."),
        stages=_table(("stage", *(f"p{p}" for p in PERCENTILES)), stages, "No request yet."),
        counts=_table(("what", "count"), counts, "Nothing yet."),
    )


def _ago(seconds: float | None) -> str:
    return "none yet" if seconds is None else f"{seconds:.1f} s ago"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], nothing: str) -> str:
    body = "".join(_row("td", row) for row in rows)
    return f"<table>{_row('th', head)}{body}</table>" if body else f"<p>{nothing}</p>"


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
