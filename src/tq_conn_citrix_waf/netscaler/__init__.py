"""The NetScaler: NITRO requests, and one data set as the target of a run."""
