"""Starts and drives the simulator of the secuconnect API and a terminal; ``cargo build -p secupos-cli`` makes it."""

import atexit
import itertools
import json
import pathlib
import subprocess
import tempfile
import time
import urllib.request

import secupos

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


class Simulator:
    """A simulator in a process of its own; the customer takes ``think_ms`` to pay."""

    def __init__(self, think_ms=0):
        if not PROGRAM.exists():
            raise FileNotFoundError(f"{PROGRAM} is missing: build it with: cargo build -p secupos-cli")
        command = [PROGRAM, "simulate", "--think-ms", str(think_ms)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        told = {}
        while not {"base_url", "client_id", "client_secret", "device_code"} <= told.keys():
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError(f"the simulator ended with {self._process.wait()} after saying only {sorted(told)}")
            name, _, value = line.strip().partition("=")
            told[name] = value
        self.base_url = told["base_url"]
        self.client_id = told["client_id"]
        self.client_secret = told["client_secret"]
        self.device_code = told["device_code"]

    def config(self, **changes):
        """What a till needs to reach it, with a state file of its own."""
        settings = {"base_url": self.base_url, "client_id": self.client_id, "client_secret": self.client_secret}
        settings.update(state_file=fresh_state_file(), create_state_file=True)
        return secupos.Config(**{**settings, **changes})

    def decline_next(self):
        """The terminal will decline the next payment."""
        self._control("next", {"scenario": "declined"})

    def set(self, **settings):
        """Changes what goes for all payments."""
        self._control("settings", settings)

    def break_next(self, endpoint, when, what):
        """The next request to this endpoint goes wrong."""
        self._control("fault", {"endpoint": endpoint, "when": when, "what": what})

    def charges(self):
        """How many payments the terminal has taken."""
        return len(self._control("ledger"))

    def wait_for_start(self):
        """Returns once the terminal has been asked to take a payment."""
        deadline = time.monotonic() + 20
        while "/start/" not in json.dumps(self._control("requests")):
            if time.monotonic() > deadline:
                raise TimeoutError("no payment was started")
            time.sleep(0.01)

    def _control(self, path, command=None):
        body = None if command is None else json.dumps(command).encode()
        request = urllib.request.Request(
            f"{self.base_url}/_control/{path}", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def close(self):
        """Ends it."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
