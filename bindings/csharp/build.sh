#!/usr/bin/env bash
# Compiles the C# binding, its tests and the examples with mono's mcs into target/csharp, with the native library beside
# them, where the runtime finds it without any setting. `make lib` builds that library first.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$root/target/csharp
compile=(mcs -langversion:7 -codepage:utf8 -warnaserror -warn:4 -debug -optimize -deterministic)

mkdir -p "$out"
"${compile[@]}" -target:library "-doc:$out/Secupos.xml" "-out:$out/Secupos.dll" \
    "$root"/bindings/csharp/Secupos/*.cs "$root"/bindings/csharp/Secupos/{Native,Testing}/*.cs
"${compile[@]}" "-r:$out/Secupos.dll" -r:System.Xml "-out:$out/Secupos.Tests.exe" \
    "$root"/bindings/csharp/Secupos.Tests/*.cs "$root"/bindings/csharp/Secupos.Extensions.Logging/*.cs
for example in Pay Day Receipts; do
    "${compile[@]}" "-r:$out/Secupos.dll" "-out:$out/$example.exe" "$root/examples/csharp/$example.cs"
done
ln -sfn "$root/target/lib/release/libsecupos.so" "$out/libsecupos.so"
