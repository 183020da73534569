"""Write what the program is made of as CycloneDX, from the lock: ``make sbom``.

uv lists the libraries with their hashes; the licences are those of the installed distributions, and the model
bundles are added with the hashes that the program knows them by.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXPORT = ("export", "--frozen", "--quiet", "--no-dev", "--format", "cyclonedx1.5",
          "--preview-features", "sbom-export")  # fmt: skip


def main() -> int:
    """Write ``dist/breastview-VERSION.cdx.json`` and check it against the schema of CycloneDX."""
    uv = sys.argv[1] if len(sys.argv) > 1 else "uv"
    made = completed(exported(uv), ROOT / "models")
    target = ROOT / "dist" / f"breastview-{made['metadata']['component']['version']}.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    check = ("run", "--no-project", "--quiet", "--with", "cyclonedx-python-lib[json-validation]>=11",
             "python", str(Path(__file__).with_name("validate.py")), str(target))  # fmt: skip
    print(f"{target.relative_to(ROOT)}: {len(made['components'])} parts")
    return subprocess.run([uv, *check], cwd=ROOT).returncode


def exported(uv: str) -> dict[str, Any]:
    """Return uv's list of what is installed with the program, extras left out."""
    done = subprocess.run([uv, *EXPORT], cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def completed(made: dict[str, Any], models: Path) -> dict[str, Any]:
    """Add licences and models; the same lock and models give the same bytes."""
    for part in made["components"]:
        # Of the files that there are for every machine only their hashes: the names are in the lock.
        files = part.pop("externalReferences", [])
        part["hashes"] = [found for one in files for found in one.get("hashes", [])]
        if known := licence(part["name"]):
            part["licenses"] = [{"license": {"name": known}}]
    made["metadata"]["component"] |= {"type": "application", "licenses": [{"license": {"id": "Apache-2.0"}}]}
    made["components"] += [_model(folder) for folder in sorted(models.iterdir()) if folder.is_dir()]
    made["metadata"].pop("timestamp", None)
    made.pop("serialNumber", None)
    content = json.dumps(made, sort_keys=True).encode()
    made["serialNumber"] = f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)}"
    return made


def licence(name: str) -> str:
    """Return the licence that an installed distribution states, empty where it states none or is not here."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    lines = about.get_all("Classifier") or []
    classes = [line.split(" :: ")[-1] for line in lines if line.startswith("License")]
    words = (about.get("License") or "").strip().splitlines()
    return about.get("License-Expression") or "; ".join(classes) or "".join(words[:1])


def _model(folder: Path) -> dict[str, Any]:
    manifest = (folder / "manifest.json").read_bytes()
    about = json.loads(manifest)
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{about['name']}@{about['version']}",
        "name": about["name"],
        "version": about["version"],
        "description": about["title"],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(manifest).hexdigest()}],
    }


if __name__ == "__main__":
    sys.exit(main())
