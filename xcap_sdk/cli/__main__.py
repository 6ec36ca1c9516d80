"""``python -m xcap_sdk.cli``: the same as ``xcap``."""

from xcap_sdk.cli import main

main()
