#!/bin/sh
# Makes the studio's first migration anew from its models: until the first release there is no second one of theirs.
# Those that are written by hand build upon it and stay. Takes turns with others in this checkout; prints what was made.
set -eu
cd "$(dirname "$0")/.."

exec 9< src/portico/studio/migrations/__init__.py
flock 9

folder=src/portico/studio/migrations
aside=$(mktemp -d)
put_back() {
    for file in "$aside"/0*.py; do
        [ ! -e "$file" ] || mv "$file" "$folder/"
    done
    rm -rf "$aside"
}
trap put_back EXIT
mv "$folder"/0*.py "$aside/"

# in an empty folder, so that nobody's database is looked at
PORTICO_STUDIO_DATA="$aside/data" .venv/bin/python -m portico.studio makemigrations studio --no-header
rm -f "$aside/0001_initial.py"
