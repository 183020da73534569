"""Archives that outgrow one machine: whole archives through workers of Dask, which keeps the queue.

`run` lists the pictures (`sources`), hands units of neighbouring studies to workers (`work`) and keeps what
comes back in the record (`store.batches`), from which an interrupted run goes on and the tables are written
(`tables`). What travels is plain data: paths, numbers, words, a bundle's files. Dask is imported when a
cluster is asked for.
"""
