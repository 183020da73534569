"""Keras architectures, found by name; nothing here loads Keras before a network is built."""
