"""Coverage-guided fuzzing of what strangers send; bounded in time, and no part of the test suite."""
