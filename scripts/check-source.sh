#!/usr/bin/env bash
# Rules for sources that swift-format does not know. Prints every breach with its place; exits with 1 if there is one.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0

# Reports the lines of standard input, each a place, as breaches of a rule.
breaches() {
    local line
    while IFS= read -r line; do
        printf '%s: %s\n' "$line" "$1" >&2
        failed=1
    done
}

files() { git ls-files --cached --others --exclude-standard -- "$@"; }

# The core takes bytes, time and randomness from the system itself: full Foundation costs start-up time and ICU.
breaches "Foundation below ChainCommands" < <(
    files 'Sources/*.swift' | grep -v '^Sources/ChainCommands/' | tr '\n' '\0' |
        xargs -0 -r grep -nE '^[^/"]*\bimport +((struct|class|enum|func) +)?Foundation')
# Where there is no FoundationEssentials (macOS), Foundation stands behind an #else.
breaches "import FoundationEssentials instead, or put this behind '#else'" < <(
    files 'Sources/ChainCommands/*.swift' | while IFS= read -r file; do
        awk '/^[^\/"]*import +Foundation *$/ && before !~ /^ *#else/ { print FILENAME ":" FNR } { before = $0 }' "$file"
    done)

breaches "try! traps on errors" < <(
    files 'Sources/*.swift' 'Tests/*.swift' 'Package.swift' | tr '\n' '\0' | xargs -0 -r grep -nE '\btry!')

# The compiler no longer checks such a type, so a comment has to.
breaches "say in a comment above why @unchecked Sendable holds" < <(
    files 'Sources/*.swift' 'Tests/*.swift' | while IFS= read -r file; do
        awk '/^ *\/\// { if (/@unchecked Sendable/) next }
             /@unchecked Sendable/ && before !~ /^ *\/\// { print FILENAME ":" FNR }
             !/^ *@[A-Za-z]+ *$/ { before = $0 }' "$file"
    done)

# The brackets keep this line from finding itself.
breaches "a path of somebody's machine" < <(
    files . | grep -vE '^Fixtures/(chains|vectors|seed-chain)/' | tr '\n' '\0' |
        xargs -0 -r grep -nIoE '(^|[^A-Za-z0-9_.])/(wor[k]/|tmp/buil[d]|home/[a-z]|Users/[A-Za-z])')

breaches "larger than 200 KB" < <(
    files . | grep -v '^Fixtures/' | while IFS= read -r file; do
        if [ -f "$file" ] && [ "$(wc -c <"$file")" -gt 204800 ]; then printf '%s\n' "$file"; fi
    done)

breaches "a name that says nothing: name the file for its type" < <(files . | grep -E '(Utils?|Helpers?|Manager)[^/]*$')

exit $failed
