"""The benchmarks: `python -m bench`, or `make bench`. Prints ratios beside their targets; never fails on a figure."""
