"""The simulator of this checkout, which ``cargo build -p secupos-cli`` makes."""

import atexit
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import time

import secupos
import secupos.testing

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = REPOSITORY / "target" / "debug" / ("secupos.exe" if os.name == "nt" else "secupos")

_DIRECTORY = tempfile.TemporaryDirectory(prefix="secupos-tests-")
atexit.register(_DIRECTORY.cleanup)
_NUMBERS = itertools.count(1)


def on_posix(test):
    """A test of what only POSIX has, such as a time namespace. Anywhere else there is no such test."""
    return test if os.name == "posix" else None


def environment(*folders):
    """For a Python of its own, which finds packages in these folders, or else this secupos: nothing of ours, and what
    Windows cannot do without."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    path = os.pathsep.join(map(str, folders or [pathlib.Path(secupos.__file__).parents[1]]))
    return {**kept, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def fresh_state_file():
    """Where no state file is yet; gone when the tests end."""
    return pathlib.Path(_DIRECTORY.name, f"{next(_NUMBERS)}.state")


def open_again(config):
    """Opens a till whose state file another one has just let go of."""
    return once_free(lambda: secupos.Till(config))


def once_free(call):
    """Calls what needs a state file that a till has just let go of, which takes that a moment."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return call()
        except secupos.StateFileError as fault:
            if fault.status is not secupos.Status.STATE_FILE_LOCKED or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def after_a_while(seconds, program, config):
    """What a program prints for which the machine has been awake for so many seconds more. It runs in a process of its
    own; its ``till`` has the same state file, and reads for 30 s at most."""
    opening = """
        import sys
        import secupos
        from simulator import open_again

        base_url, client_id, client_secret, state_file = sys.argv[1:]
        till = open_again(secupos.Config(
            base_url=base_url, client_id=client_id, client_secret=client_secret, state_file=state_file,
            timeouts=secupos.Timeouts(resolve=30),
        ))
    """
    command = [REPOSITORY / "tools" / "later", str(seconds), sys.executable, "-c"]
    arguments = [config.base_url, config.client_id, config.client_secret, str(config.state_file)]
    ran = subprocess.run(
        [*command, textwrap.dedent(opening) + textwrap.dedent(program), *arguments],
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY}/bindings/python/src:{REPOSITORY}/bindings/python/tests"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    return ran.stdout


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
