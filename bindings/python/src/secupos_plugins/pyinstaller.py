"""Tells PyInstaller where the hook is: this folder has it."""

from __future__ import annotations

from pathlib import Path


def hook_folders() -> list[str]:
    """The folders with hooks, as the entry point `pyinstaller40` wants them."""
    return [str(Path(__file__).parent)]
