#!/bin/sh
# Makes requirements/*.lock anew from pyproject.toml: every version pinned, every file by its hash.
# Needs uv. Which package index is asked is the machine's own affair; the lock files name none.
set -eu
cd "$(dirname "$0")/.."

lock() {
    name=$1
    shift
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links --no-annotate "$@" --output-file "requirements/$name.lock"
}

# each lock builds on the one before it, so that adding a tool never changes what runs
lock run
lock test --constraint requirements/run.lock --group test
lock bench --constraint requirements/test.lock --group test --group bench
