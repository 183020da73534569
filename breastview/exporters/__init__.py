"""One record becomes a file; one file an exporter."""
