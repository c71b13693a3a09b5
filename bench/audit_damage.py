"""100 000 random damages of a long audit log, each of which must be found: `python bench/audit_damage.py`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.log import AuditLog
from noetra_ros.safety.audit.segments import segments_of
from noetra_ros.safety.audit.verification import verify

DAMAGES = 100_000
RECORDS = 1000
KINDS = ("flip", "delete", "swap", "truncate")


def damaged(whole: bytes, kind: str, chance: random.Random) -> bytes:
    """The log with one damage."""
    if kind == "flip":
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    if kind == "truncate":
        return whole[: chance.randrange(len(whole))]
    lines = whole.splitlines(keepends=True)
    first, second = sorted(chance.sample(range(len(lines)), 2))
    if kind == "delete":
        del lines[first : chance.choice((first + 1, second))]
    else:
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def main(count: int) -> int:
    """Damage, verify, count what was not found."""
    chance, found, begun_s = random.Random(20261121), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "audit"
        key = SigningKey.load_or_make(Path(name) / "key.pem")
        log = AuditLog(folder, key, 184)
        for number in range(RECORDS):
            log.append({"kind": "event", "check": "velocity", "measured": number * 1e-5, "stamp_ns": number})
        log.close()
        path = segments_of(folder)[0].path
        whole = path.read_bytes()
        for number in range(count):
            path.write_bytes(damaged(whole, KINDS[number % len(KINDS)], chance))
            found += verify(folder, key.public).fault is not None
            if number % 10_000 == 0:
                print(f"{number} of {count}, {found} found, {time.monotonic() - begun_s:.0f} s", flush=True)
    print(f"{found} of {count} damages of a log of {RECORDS} records ({len(whole)} bytes) found")
    return int(found < count)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DAMAGES))
