"""The architectures, one file each: the file's name, with - for _, is the name they are asked for by."""
