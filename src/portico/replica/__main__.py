"""`python -m portico.replica`."""

from __future__ import annotations

import os
import sys

from portico.replica.main import main

if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Granian's threads outlive it; one that meets a Python that is being taken down aborts the process.
    os._exit(code)
