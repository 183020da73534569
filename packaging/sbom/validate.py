"""Check a file against the schema of CycloneDX 1.5; run by ``make sbom`` where the validator is at hand."""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text(encoding="utf-8")
trouble = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
print(f"not valid CycloneDX 1.5: {trouble}" if trouble else "valid CycloneDX 1.5")
sys.exit(1 if trouble else 0)
