"""`python -m portico.cli`, the same as `portico`."""

from __future__ import annotations

import sys

from portico.cli.main import main

sys.exit(main())
