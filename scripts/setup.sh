#!/usr/bin/env bash
# Makes sure that Swift, libsodium and libcbor are there, and installs the two libraries where they are not.
# Quick and silent when there is nothing to do. Exits with 1, and says what to type, where it cannot help.
set -euo pipefail
here=$(dirname "$0")

if ! command -v swift >/dev/null; then
    echo "Swift is not on the PATH. Swift 6.2 or later is needed: https://www.swift.org/install/" >&2
    exit 1
fi

has_libraries() {
    command -v pkg-config >/dev/null && pkg-config --exists libsodium libcbor
}

has_libraries && exit 0

# What to type, for systems on which this script installs nothing.
advise() {
    printf 'libsodium and libcbor (with headers) and pkg-config are needed. Type:\n\n    %s\n\n' "$1" >&2
    exit 1
}

case "$(uname -s)" in
Darwin)
    command -v brew >/dev/null || advise "brew install libsodium libcbor pkgconf      # after installing https://brew.sh"
    brew install libsodium libcbor pkgconf >&2 || advise "brew install libsodium libcbor pkgconf"
    ;;
*)
    if command -v apt-get >/dev/null; then
        "$here/packages.sh" libsodium-dev libcbor-dev pkg-config
    elif command -v dnf >/dev/null; then
        advise "dnf install libsodium-devel libcbor-devel pkgconf-pkg-config"
    elif command -v pacman >/dev/null; then
        advise "pacman -S libsodium libcbor pkgconf"
    elif command -v apk >/dev/null; then
        advise "apk add libsodium-dev libcbor-dev pkgconf"
    else
        advise "your package manager's install command for libsodium, libcbor and pkg-config"
    fi
    ;;
esac

if ! has_libraries; then
    echo "Installed, but pkg-config still does not find them. See what it says to: pkg-config --exists --print-errors libsodium libcbor" >&2
    exit 1
fi
