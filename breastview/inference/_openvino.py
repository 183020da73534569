"""OpenVINO without its converters of other formats, whose import takes as long as all the rest of it."""

from __future__ import annotations

import sys

_CONVERTERS = "openvino.tools.ovc"

# None makes their import fail, which OpenVINO puts up with: the packaged program has not got them either.
_loaded = sys.modules.setdefault(_CONVERTERS, None)  # type: ignore[arg-type]

try:
    import openvino
finally:
    if _loaded is None:
        del sys.modules[_CONVERTERS]

__all__ = ["openvino"]
