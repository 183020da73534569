"""Ask the public service for known weaknesses of every locked library: ``make audit``.

pip-audit does the asking, in an environment of its own. What it could not ask about is no good news: then the
answer is that nothing is known, and the command fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ASKED = ROOT / "build" / "audit.txt"
CLEAN, WEAK, NOT_ASKED = 0, 1, 2


def main() -> int:
    """Say what is known, and return 0 only where everything was asked about and nothing found."""
    ASKED.parent.mkdir(exist_ok=True)
    uv = sys.argv[1] if len(sys.argv) > 1 else "uv"
    # With the extras and what development needs: both run code on somebody's machine.
    export = ("export", "--frozen", "--quiet", "--no-emit-project", "--all-extras", "--no-hashes")
    subprocess.run([uv, *export, "--output-file", str(ASKED)], cwd=ROOT, check=True)
    audit = ("tool", "run", "--quiet", "pip-audit>=2.9", "--disable-pip", "--no-deps", "--format", "json")
    asked = [uv, *audit, "--progress-spinner", "off", "--requirement", str(ASKED)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        print(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip-audit gave no answer")
        report = {"dependencies": []}
    code, lines = judged(report)
    print("\n".join(lines))
    return code


def judged(report: dict[str, Any]) -> tuple[int, list[str]]:
    """Return the exit code and what to say of a report of pip-audit (its JSON)."""
    libraries = report.get("dependencies", [])
    unknown = [one["name"] for one in libraries if "skip_reason" in one]
    weak = [one for one in libraries if one.get("vulns")]
    lines = [
        f"{one['name']} {one['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version'}"
        for one in weak
        for found in one["vulns"]
    ]
    if not libraries or len(unknown) == len(libraries):
        return NOT_ASKED, [
            "The service that knows of weaknesses could not be reached from here, so nothing is known of the "
            "locked libraries. Run this where pypi.org can be reached."
        ]
    if unknown:
        lines.append(f"The service does not know: {', '.join(unknown)}.")
    if weak:
        lines.append(f"{len(weak)} of {len(libraries)} locked libraries have a known weakness: `make lock`.")
    elif not unknown:
        lines.append(f"None of the {len(libraries)} locked libraries has a known weakness.")
    return (WEAK if weak else NOT_ASKED if unknown else CLEAN), lines


if __name__ == "__main__":
    sys.exit(main())
