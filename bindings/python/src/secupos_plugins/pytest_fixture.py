"""The fixture `secupos_simulator` for pytest: one simulator for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from secupos.testing import Simulator


@pytest.fixture
def secupos_simulator() -> Iterator[Simulator]:
    """A simulator of the secuconnect API and a terminal. Its `config()` is for a till that pays at it."""
    from secupos.testing import Simulator

    with Simulator() as simulator:
        yield simulator
