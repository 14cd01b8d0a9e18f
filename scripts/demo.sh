#!/usr/bin/env bash
# The main job, on this repository's own files: attest, look, verify, rotate the key, and see one flipped bit noticed.
# Builds chainctl (as `make test` does, so that neither waits for what the other has built), works in a temporary directory,
# and leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD

build=(swift build --product chainctl)
echo "Building chainctl; the first time takes some minutes."
"${build[@]}"
PATH="$("${build[@]}" --show-bin-path):$PATH"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
ln -s "$repository" repository

say() { printf '\n# %s\n' "$*"; }

# Shows a command as one would type it, runs it, and checks its exit code.
run() {
    local expected=0 status=0
    if [ "$1" = --expecting ]; then
        expected=$2
        shift 2
    fi
    printf '\n$ %s\n' "$1"
    (set -o pipefail && eval "$1") || status=$?
    if [ "$status" -ne 0 ]; then printf '(exit code %d)\n' "$status"; fi
    if [ "$status" -ne "$expected" ]; then
        printf 'The demonstration expected exit code %d.\n' "$expected" >&2
        exit 1
    fi
}

say "A key, and a chain that begins with a record naming it."
run 'chainctl key generate signer.pem'
run 'chainctl init evidence --key signer.pem --name "Demonstration"'
chain_id=$(chainctl inspect evidence --json | sed -n 's/.*"chain_id" *: *"\([0-9a-f]*\)".*/\1/p')

say "Attest this repository's sources and docs: one signed record a file, each linked to the one before."
run 'chainctl append evidence --key signer.pem --batch --recursive repository/Sources repository/docs | tail -n 3'

say "What is in it."
run 'chainctl log evidence -n 5'
run 'chainctl inspect evidence'
run 'chainctl check evidence repository/docs/format.md'

say "Is it sound, and is it the chain that was begun above? Its id, kept elsewhere, pins it."
run "chainctl verify evidence --expect-chain-id $chain_id"

say "A new key takes over; the old one signs that, and nothing after it."
run 'chainctl key generate next.pem'
run 'chainctl rotate evidence --key signer.pem --new-key next.pem'
run --expecting 77 'chainctl append evidence --key signer.pem repository/README.md'
run 'chainctl append evidence --key next.pem repository/README.md'
run "chainctl verify evidence --expect-chain-id $chain_id"

say "Now one bit is flipped, in the middle of a copy."
run 'cp -R evidence damaged'
offset=$(($(wc -c <damaged/chain.bin) / 2))
byte=$(od -An -tu1 -j "$offset" -N 1 damaged/chain.bin)
# shellcheck disable=SC2059 # the byte is the format
printf "\\$(printf '%03o' $((byte ^ 1)))" | dd of=damaged/chain.bin bs=1 seek="$offset" conv=notrunc 2>/dev/null
printf '(the lowest bit of byte %d of damaged/chain.bin)\n' "$offset"
run --expecting 1 "chainctl verify damaged --expect-chain-id $chain_id"

say "The original is as sound as before; this is how a script reads it."
run "chainctl verify evidence --expect-chain-id $chain_id --json"
