"""Plugins that other programs load: a fixture for pytest, a hook for PyInstaller.

They are outside of the package `secupos`, because to import that loads the native library. pytest imports its plugins
at every start, also where nobody uses them.
"""
