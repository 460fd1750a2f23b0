"""The simulator of the secuconnect API and a terminal, for a till's own tests. No money moves.

    from secupos.testing import Simulator

    with Simulator() as simulator, secupos.Till(simulator.config()) as till:
        assert till.pay(secupos.Sale("1", amount=1, currency="EUR")).outcome is secupos.Outcome.APPROVED

The last two digits of an amount in cents say how a payment goes:

- 00 and 01: a direct debit with signature.
- 03: contactless.
- 04: a credit card with signature.
- 05: declined.
- 06: aborted.
- 07: timed out.
- 08: a SEPA direct debit.
- 09: paid, and the answer is lost.
- 10: declined, and a girocard when the same amount is tried again.
- 02 and all others: a girocard with PIN.

For pytest there is the fixture `secupos_simulator`, one simulator for each test. Install the package
`secupos-simulator`, too: it holds the program.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any

from .config import Config

_TOLD = ("base_url", "client_id", "client_secret", "device_code")


class Simulator:
    """A simulator in a process of its own. The process ends with `close`, and with Python at the latest.

    - `base_url`: the address of the API.
    - `client_id`: the client id that it accepts.
    - `client_secret`: the secret that it accepts.
    - `device_code`: the code of a device that is registered already.
    """

    base_url: str
    client_id: str
    client_secret: str
    device_code: str

    def __init__(self, think: float = 0.0, program: Path | None = None) -> None:
        """`think` is how long the customer takes to pay, in seconds. `program` is another `secupos` than the one of the
        package `secupos-simulator`."""
        command = [str(program or _program()), "simulate", "--think-ms", str(round(think * 1000))]
        self._folder = tempfile.TemporaryDirectory(prefix="secupos-simulator-")
        self._numbers = itertools.count(1)
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._end = weakref.finalize(self, _end, self._process, self._folder)
        told: dict[str, str] = {}
        while not told.keys() >= set(_TOLD):
            line = self._process.stdout.readline() if self._process.stdout else ""
            if not line:
                code = self._process.wait()
                self.close()
                raise RuntimeError(f"the simulator ended with {code} after saying only {sorted(told)}")
            name, _, value = line.strip().partition("=")
            told[name] = value
        self.base_url, self.client_id, self.client_secret, self.device_code = (told[name] for name in _TOLD)

    def config(self, **changes: Any) -> Config:
        """A config for a till at this simulator. Its state file is new, and goes with the simulator. Arguments replace
        fields of the `Config`."""
        settings: dict[str, Any] = {
            "base_url": self.base_url,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "device_code": self.device_code,
            "state_file": Path(self._folder.name, f"{next(self._numbers)}.state"),
            "create_state_file": True,
        }
        return Config(**{**settings, **changes})

    def next(self, scenario: str, think: float | None = None) -> None:
        """Says how the next payment goes, whatever its amount: `"elv"`, `"sepa_elv"`, `"girocard"`, `"contactless"`,
        `"credit_card"`, `"declined"`, `"aborted"`, `"timed_out"` or `"answer_lost"`. `think` is how long its customer
        takes, in seconds."""
        script: dict[str, Any] = {"scenario": scenario}
        if think is not None:
            script["think_ms"] = round(think * 1000)
        self.control("next", script)

    def ledger(self) -> list[dict[str, Any]]:
        """The money that has moved: `reference`, `amount`, `currency` and a `change`, which is negative for money that
        was given back. A till must have booked the same."""
        ledger: list[dict[str, Any]] = self.control("ledger")
        return ledger

    def control(self, path: str, command: Any = None) -> Any:
        """Calls another endpoint under `/_control`. `secupos simulate --help` lists them."""
        body = None if command is None else json.dumps(command).encode()
        url = f"{self.base_url}/_control/{path}"
        request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def wait_for_start(self, timeout: float = 20.0) -> None:
        """Waits until the terminal has been asked to take a payment."""
        deadline = time.monotonic() + timeout
        while not any("/start/" in request["path"] for request in self.control("requests")):
            if time.monotonic() > deadline:
                raise TimeoutError("no payment was started")
            time.sleep(0.01)

    def close(self) -> None:
        """Ends it. It may be closed more than once."""
        self._end()

    def __enter__(self) -> Simulator:
        return self

    def __repr__(self) -> str:
        return f"<secupos.testing.Simulator at {self.base_url}>"

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()


def _end(process: subprocess.Popen[str], folder: tempfile.TemporaryDirectory[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()
    folder.cleanup()


def _program() -> Path:
    try:
        from secupos_simulator import PROGRAM
    except ImportError:
        found = shutil.which("secupos")
        if found is None:
            raise FileNotFoundError("the simulator is missing: pip install secupos-simulator") from None
        return Path(found)
    return Path(PROGRAM)
