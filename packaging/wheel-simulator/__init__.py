"""The program ``secupos``, which simulates the secuconnect API and a terminal. `secupos.testing.Simulator` starts it."""

from pathlib import Path

#: The program.
PROGRAM = Path(__file__).resolve().parent / "secupos"
