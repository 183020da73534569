"""Pretrained encoders that expose their pyramid of feature maps, one file each."""
