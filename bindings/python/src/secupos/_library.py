"""Where the native library is.

It is looked for in this order, and the first that is there is taken:

1. beside this file, where a wheel puts it;
2. in a source checkout, where ``make lib`` puts it: ``target/lib/release/`` under the directory above this file that
   holds ``Cargo.toml`` and ``include/secupos.h``;
3. wherever the system's loader finds it.

No environment variable has a say: nobody exchanges from outside what takes money. For the same reason a package inside
a zip is refused: the library in it cannot be loaded, and the system's may be another one.
"""

from __future__ import annotations

import ctypes
import sys
import zipimport
from pathlib import Path

if sys.platform == "win32":
    _FILE, _SYSTEM = "libsecupos.dll", "libsecupos.dll"
elif sys.platform == "darwin":
    _FILE, _SYSTEM = "libsecupos.dylib", "libsecupos.dylib"
else:
    _FILE, _SYSTEM = "libsecupos.so", "libsecupos.so.1"


def load() -> tuple[ctypes.CDLL, str]:
    """The library and where it was found. Raises `ImportError` with all that was tried if there is none."""
    loader = __spec__.loader
    if isinstance(loader, zipimport.zipimporter):
        raise ImportError(
            f"secupos is inside the zip {loader.archive}, and a native library cannot be loaded from there. "
            "Put the package outside: pip install --target FOLDER secupos, with FOLDER in sys.path. "
            "For a program in one file use PyInstaller: secupos brings its hook."
        )
    files = _files()
    for file in files:
        if file.exists():
            return _open(str(file)), str(file)
    try:
        return ctypes.CDLL(_SYSTEM), _SYSTEM
    except OSError as fault:
        tried = "".join(f"\n  {file}: not there" for file in files)
        hint = "in a source checkout, build it with: make lib"
        raise ImportError(
            f"secupos' native library was not found ({hint}). Tried:{tried}\n  {_SYSTEM}: {fault}"
        ) from fault


def _files() -> list[Path]:
    package = Path(__file__).resolve().parent
    files = [package / _FILE]
    for directory in package.parents:
        if (directory / "Cargo.toml").is_file() and (directory / "include" / "secupos.h").is_file():
            files.append(directory / "target" / "lib" / "release" / _FILE)
            break
    return files


def _open(file: str) -> ctypes.CDLL:
    # A library that is there and does not load is a fault to be told, not a reason to go on looking.
    try:
        return ctypes.CDLL(file)
    except OSError as fault:
        raise ImportError(f"secupos' native library cannot be loaded: {fault}") from fault
