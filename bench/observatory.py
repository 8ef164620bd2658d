"""The grade that MDN's HTTP Observatory gives to a page with Portico's own headers, without a network.

`python bench/observatory.py` needs node, npm and `unshare` (Linux). The scanner asks only ports 80 and 443:
edge, replica and scanner run in a network namespace of their own, where these are free and nothing else is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from _edge_namespace import door

SCANNER = "@mdn/mdn-http-observatory"
VERSION = "1.4.8"
SCAN = f"""
import {{ scan }} from "{SCANNER}";
console.log(JSON.stringify(await scan("localhost")));
process.exit(0);
"""


def main() -> None:
    missing = [
        program for program in ("node", "npm", "unshare", "ip", "haproxy") if shutil.which(program) is None
    ]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="observatory-") as name:
        root = Path(name)
        if "--inside" in sys.argv:
            _scan(root, Path(sys.argv[-1]))
        else:
            _install(root)
            subprocess.run(
                ["unshare", "--map-root-user", "--net", sys.executable, __file__, "--inside", str(root)],
                check=True,
            )


def _install(root: Path) -> None:
    """Without its install script, which downloads the list of preloaded hosts; localhost is none of them."""
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"]
    subprocess.run(
        [*command, "--prefix", str(root), f"{SCANNER}@{VERSION}"], check=True, stderr=subprocess.DEVNULL
    )
    (root / "node_modules" / SCANNER / "conf" / "hsts-preload.json").write_text("{}")
    (root / "scan.mjs").write_text(SCAN)


def _scan(root: Path, scanner: Path) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with ExitStack() as running:
        trusted = door(root, running)
        env = os.environ | {"NODE_EXTRA_CA_CERTS": str(trusted)}
        done = subprocess.run(
            ["node", "scan.mjs"],
            cwd=scanner,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    if done.returncode:
        sys.exit(done.stderr)
    _show(json.loads(done.stdout.splitlines()[-1]))


def _show(found: dict) -> None:
    result = found["scan"]
    print(f"MDN HTTP Observatory {VERSION}: {result['grade']}, {result['score']} points")
    print(f"{result['testsPassed']} of {result['testsQuantity']} tests passed")
    for name, test in found["tests"].items():
        print(f"  {test['scoreModifier'] or 0:+4d}  {name}: {test['result']}")


if __name__ == "__main__":
    main()
