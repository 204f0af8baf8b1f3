#!/bin/sh
# Sees that programs of Debian's packages are there; installs them where that may be done.
# Arguments: PROGRAM=PACKAGE ...
set -eu
missing=
for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "debian: installing$missing"
    # shellcheck disable=SC2086  # a list of packages
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends $missing >/dev/null
else
    echo "debian: missing:$missing; install with: sudo apt-get install$missing" >&2
    exit 2
fi
