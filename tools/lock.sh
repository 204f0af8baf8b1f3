#!/bin/sh
# Renews the lock files (hashes, no URL of any index). Needs pip-tools on PATH.
set -eu
cd "$(dirname "$0")/.."
# Extras stay: stripped, what another package asks for as name[extra] counts as not pinned
# as soon as a newer version is released, and nothing can be installed any more.
compile() { # name, then sources and options
    out=$1
    shift
    pip-compile --quiet --no-strip-extras --allow-unsafe --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file "$out" "$@"
}
dev=$(mktemp --suffix=.in)
trap 'rm -f "$dev"' EXIT
python3 - >"$dev" <<'P'
import tomllib
for file, group in (("pyproject.toml", "dev"), ("lab/pyproject.toml", None)):
    with open(file, "rb") as f:
        table = tomllib.load(f)
    print(*table["project"]["dependencies"], sep="\n")
    print(*table.get("dependency-groups", {}).get(group, []), sep="\n")
P
compile requirements.lock pyproject.toml
compile requirements-dev.lock --constraint requirements.lock --no-annotate "$dev"
