"""``python -m pinmc``."""

from __future__ import annotations

from pinmc.cli.main import main

if __name__ == "__main__":
    main()
