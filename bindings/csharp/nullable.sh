#!/usr/bin/env bash
# Checks the nullable annotations of the C# sources. mcs has none, so they stand in comments, T/*?*/ and value/*!*/: here a copy
# without the comment signs is compiled by Roslyn, which Debian does not have as a program. As a library it travels in a package
# of npm's, and a step of `make prove` says what that needs. Generated files have no annotations and take no part.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
package=@autorest/csharp@3.0.0-beta.20230104.1
there=$root/target/roslyn
out=$root/target/nullable
if [ "$(cat "$there/installed" 2>/dev/null)" != $package ]; then
    rm -rf "$there" && mkdir -p "$there"
    (cd "$there" && tar -xzf "$(npm pack --silent $package)") || { echo "Roslyn could not be fetched" >&2; exit 1; }
    echo $package >"$there/installed"
fi

rm -rf "$out" && mkdir -p "$out"
mcs -langversion:7 -warnaserror "-out:$out/Check.exe" "$root/bindings/csharp/Nullable/Check.cs"
for source in "$root"/bindings/csharp/Secupos/*.cs "$root"/bindings/csharp/Secupos/*/*.cs; do
    grep -q '^// Generated' "$source" || echo '#nullable enable' >"$out/$(basename "$source")"
    sed 's|/\*\([?!]\)\*/|\1|g' "$source" >>"$out/$(basename "$source")"
done
# Something that must be found.
printf '#nullable enable\nclass Doctored { string text = null; }\n' >"$out/Doctored.cs"
"$root/tools/coreclr" "$out/Check.exe" "$there/package" "$out"/*.cs >"$out/faults"
grep -q 'Doctored.cs(2,32): warning CS8625' "$out/faults" || { cat "$out/faults"; echo "the check finds nothing" >&2; exit 1; }
if grep -v '/Doctored\.cs(' "$out/faults"; then exit 1; fi
echo "nullable: $(grep -l '^#nullable enable' "$out"/*.cs | wc -l) files as annotated, and a doctored one found"
