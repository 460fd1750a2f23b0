"""PyInstaller's hook: puts the native library into the program, where the package looks for it."""

from PyInstaller.utils.hooks import collect_dynamic_libs

binaries = collect_dynamic_libs("secupos")
