"""The simulator of this checkout, which ``cargo build -p secupos-cli`` makes."""

import atexit
import itertools
import pathlib
import tempfile
import time

import secupos
import secupos.testing

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = REPOSITORY / "target" / "debug" / "secupos"

_DIRECTORY = tempfile.TemporaryDirectory(prefix="secupos-tests-")
atexit.register(_DIRECTORY.cleanup)
_NUMBERS = itertools.count(1)


def fresh_state_file():
    """Where no state file is yet; gone when the tests end."""
    return pathlib.Path(_DIRECTORY.name, f"{next(_NUMBERS)}.state")


def open_again(config):
    """Opens a till whose state file another one has just let go of, which takes that a moment."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return secupos.Till(config)
        except secupos.StateFileError as fault:
            if fault.status is not secupos.Status.LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


class Simulator(secupos.testing.Simulator):
    """The simulator of this checkout; the customer takes ``think_ms`` to pay. The till logs in as the vendor's client
    unless a device code is given."""

    def __init__(self, think_ms=0):
        if not PROGRAM.exists():
            raise FileNotFoundError(f"{PROGRAM} is missing: build it with: cargo build -p secupos-cli")
        super().__init__(think_ms / 1000, PROGRAM)

    def config(self, **changes):
        return super().config(**{"device_code": None, "state_file": fresh_state_file(), **changes})

    def decline_next(self):
        """The terminal will decline the next payment."""
        self.next("declined")

    def set(self, **settings):
        """Changes what goes for all payments."""
        self.control("settings", settings)

    def break_next(self, endpoint, when, what):
        """The next request to this endpoint goes wrong."""
        self.control("fault", {"endpoint": endpoint, "when": when, "what": what})

    def charges(self):
        """How many payments the terminal has taken."""
        return len(self.ledger())

    def transaction(self, transaction_id):
        """What the service really knows of a payment."""
        return next(seen for seen in self.control("transactions") if seen["id"] == transaction_id)
