#!/bin/sh
# Makes the studio's one migration anew from its models: until the first release there is no second one.
# Takes turns with others in this checkout; prints what was made.
set -eu
cd "$(dirname "$0")/.."

exec 9< src/portico/studio/migrations/__init__.py
flock 9

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
first=src/portico/studio/migrations/0001_initial.py
[ ! -e "$first" ] || mv "$first" "$empty/before.py"

# in an empty folder, so that nobody's database is looked at
if PORTICO_STUDIO_DATA="$empty" .venv/bin/python -m portico.studio makemigrations studio --no-header; then
    exit 0
fi
[ ! -e "$empty/before.py" ] || mv "$empty/before.py" "$first"
exit 1
