#!/usr/bin/env bash
# Installs Debian packages: scripts/packages.sh NAME... Exits with 1, and says what to type, where it cannot.
set -euo pipefail

if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null; then
    as_root=(sudo)
else
    as_root=()
    no_root=1
fi

if ! command -v apt-get >/dev/null || [ -n "${no_root-}" ]; then
    printf 'Cannot install packages here. As root, type:\n\n    apt-get update && apt-get install -y %s\n\n' "$*" >&2
    exit 1
fi

apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
printf 'Installing %s\n' "$*" >&2
# The list may be partly out of reach and still hold what is needed: only a failed install counts.
"${apt[@]}" -qq update >&2 || true
if ! "${apt[@]}" -qq install -y --no-install-recommends "$@" >&2; then
    prefix=${as_root[*]+"${as_root[*]} "}
    printf 'That failed. When the reason is mended, type:\n\n    %sapt-get update && %sapt-get install -y %s\n\n' \
        "$prefix" "$prefix" "$*" >&2
    exit 1
fi
