"""`python -m portico.replica`."""

from __future__ import annotations

import sys

from portico.replica.main import main

sys.exit(main())
