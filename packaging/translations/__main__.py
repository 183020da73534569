"""Bring the catalogues up to date: extract the texts, merge them into each language, compile.

``python packaging/translations`` writes; with ``--check`` it only says what is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from catalogue import compiled, merged, problems, template

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Write template, catalogues and compiled catalogues; return 1 when something is not translated."""
    folder = ROOT / "resources" / "translations"
    pot = template(ROOT / "breastview")
    trouble = []
    if "--check" not in sys.argv:
        pot.write(folder / "breastview.pot")
    for po in sorted(folder.glob("*/LC_MESSAGES/breastview.po")):
        catalogue = merged(po, pot)
        if "--check" not in sys.argv:
            catalogue.write(po)
            po.with_suffix(".mo").write_bytes(compiled(catalogue))
        trouble += [f"{po.parent.parent.name}: {problem}" for problem in problems(catalogue)]
    print("\n".join(trouble) or "Everything is translated.")
    return 1 if trouble else 0


sys.exit(main())
