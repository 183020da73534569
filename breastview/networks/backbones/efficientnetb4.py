"""EfficientNetB4, the encoder of the bundles: a row of the table of encoders."""

from __future__ import annotations

from functools import partial

from breastview.networks.backbones import applications

PRETRAINED = applications.TABLE["efficientnetb4"].file
build = partial(applications.build, "efficientnetb4")
