"""MobileNetV2, the smallest encoder: a row of the table of encoders."""

from __future__ import annotations

from functools import partial

from breastview.networks.backbones import applications

PRETRAINED = applications.TABLE["mobilenetv2"].file
build = partial(applications.build, "mobilenetv2")
