"""What is judged by the clock: run with `python -m tests.benchmarks`; never part of the test suite."""
