"""The whole bundle on virtual time, in one thread at a time: a seed is a run, and the same seed is the same run."""
