"""The program ``secupos``, which simulates the secuconnect API and a terminal. `secupos.testing.Simulator` starts it."""

import sys
from pathlib import Path

#: The program.
PROGRAM = Path(__file__).resolve().parent / ("secupos.exe" if sys.platform == "win32" else "secupos")
