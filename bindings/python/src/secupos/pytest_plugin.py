"""The fixture ``secupos_simulator`` for pytest: one simulator for each test."""

from __future__ import annotations

from typing import Iterator

import pytest

from .testing import Simulator


@pytest.fixture
def secupos_simulator() -> Iterator[Simulator]:
    """A simulator of the secuconnect API and a terminal, and ``config()`` for a till that pays at it."""
    with Simulator() as simulator:
        yield simulator
