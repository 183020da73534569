"""Which encoders there are, and building one by its name."""

from __future__ import annotations

from breastview.networks.backbones import applications, cnn, convnext, vit
from breastview.networks.backbones.pyramid import Encoder

_BUILDERS = {
    **dict.fromkeys(applications.TABLE, applications.build),
    **dict.fromkeys(convnext.VARIANTS, convnext.build),
    "vit-b16": vit.build,
    **dict.fromkeys(cnn.WIDTHS, cnn.build),
}
NAMES = tuple(_BUILDERS)
PYRAMIDAL = tuple(applications.TABLE)  # those with a map at each stride: a U-Net may stand on them


def build(name: str, size: int, only_pretrained: bool = False) -> Encoder:
    """Build an encoder without weights for pictures of `size` px, 0..255.

    With `only_pretrained` it ends where its published weights do, if those end before it.
    """
    if only_pretrained and name in applications.TABLE:
        return applications.build(name, size, only_pretrained)
    return _BUILDERS[name](name, size)
