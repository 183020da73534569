"""Write into the program which model bundles come with it: ``make shipped``, after a bundle was exchanged."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "breastview" / "study" / "shipped.py"
_TABLE = re.compile(r"^MANIFESTS = \{\n.*?^\}", re.MULTILINE | re.DOTALL)


def manifests(models: Path) -> dict[str, str]:
    """Return name and version of every bundle in a folder by the SHA-256 of its manifest."""
    found = {}
    for path in sorted(models.glob("*/manifest.json")):
        raw = path.read_bytes()
        about = json.loads(raw)
        found[hashlib.sha256(raw).hexdigest()] = f"{about['name']} {about['version']}"
    return found


def written(source: str, table: dict[str, str]) -> str:
    """Return the module's text with another table."""
    rows = "".join(f'    "{sha}": "{name}",\n' for sha, name in table.items())
    return _TABLE.sub(lambda _: f"MANIFESTS = {{\n{rows}}}", source)


if __name__ == "__main__":
    LIST.write_text(written(LIST.read_text(encoding="utf-8"), manifests(ROOT / "models")), encoding="utf-8")
    print(f"{LIST.relative_to(ROOT)}: {', '.join(manifests(ROOT / 'models').values())}")
