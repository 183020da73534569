"""What the reader committed to before the AI was shown, what it said, and what the reader thought then."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from breastview.store import audit
from breastview.store._database import Database
from breastview.study.opinions import AiOpinion, Opinion, Opinions

_COMMITTED, _AI, _AFTER = "committed", "ai", "after"
_AT_ONCE = 400


class Reveals:
    """Opinions by the content of the picture's file; rows are only ever added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revealed(self, hashes: Iterable[str]) -> frozenset[str]:
        """Return those of the SHA-256 sums whose AI reading may be shown."""
        wanted = list(dict.fromkeys(hashes))
        found: set[str] = set()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._database.read(
                f"SELECT DISTINCT sha FROM reveals WHERE kind = '{_COMMITTED}' AND sha IN ({marks})",
                tuple(some),
            )
            found |= {sha for (sha,) in rows}
        return frozenset(found)

    def of(self, sha: str) -> Opinions | None:
        """Return the opinions of a case, None where the reader committed to nothing before the AI."""
        query = "SELECT frame, kind, at, body FROM reveals WHERE sha = ? ORDER BY id"
        rows = self._database.read(query, (sha,))
        before = next(((f, at, json.loads(b)) for f, kind, at, b in rows if kind == _COMMITTED), None)
        if before is None:
            return None
        ai = next(((at, json.loads(body)) for _, kind, at, body in rows if kind == _AI), None)
        after = next(((at, json.loads(body)) for _, kind, at, body in rows[::-1] if kind == _AFTER), None)
        return Opinions(
            before=Opinion(before[2]["category"], before[2]["reader"], before[1]),
            ai=None if ai is None else _ai(*ai),
            after=None if after is None else Opinion(after[1]["category"], after[1]["reader"], after[0]),
            frame=before[0],
        )

    def commit(self, sha: str, frame: int, category: str, reader: str) -> None:
        """Note the category given before the AI was shown; the first one of a case stays."""
        if self.revealed([sha]):
            return
        self._write(sha, frame, _COMMITTED, {"category": category, "reader": reader},
                    audit.Event.COMMITTED, reader, category)  # fmt: skip

    def show(self, sha: str, frame: int, opinion: AiOpinion, reader: str) -> None:
        """Note what the AI said when it was first shown after the commitment."""
        known = self.of(sha)
        if known is None or known.ai is not None:
            return
        body = {
            "probabilities": opinion.probabilities, "abstained": opinion.abstained, "bundle": opinion.bundle,
        }  # fmt: skip
        self._write(sha, frame, _AI, body, audit.Event.REVEALED, reader, "")

    def change(self, sha: str, frame: int, category: str, reader: str) -> None:
        """Note the reader's category since; one that changes nothing is not noted."""
        known = self.of(sha)
        if known is None or frame != known.frame:
            return
        if (known.after or known.before).category == category:
            return
        self._write(sha, frame, _AFTER, {"category": category, "reader": reader},
                    audit.Event.CHANGED_AFTER_REVEAL, reader, category)  # fmt: skip

    def _write(
        self, sha: str, frame: int, kind: str, body: dict, event: audit.Event, reader: str, detail: str
    ) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._database.write() as database:
            database.execute(
                "INSERT INTO reveals (sha, frame, kind, at, body) VALUES (?, ?, ?, ?, ?)",
                (sha, frame, kind, now, json.dumps(body)),
            )
            audit.append(database, event, reader, sha, frame, detail)


def _ai(at: str, body: dict) -> AiOpinion:
    numbers = body["probabilities"]
    pairs = None if numbers is None else tuple((str(name), float(value)) for name, value in numbers)
    return AiOpinion(pairs, bool(body["abstained"]), str(body["bundle"]), at)
