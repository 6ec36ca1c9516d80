"""How fast the SDK is, beside what there is to compare with: ``python -m benchmarks`` or ``make bench``."""
