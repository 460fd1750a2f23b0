"""The till programs of the pages, run and read as a cashier reads them: what each payment said, and was to be done."""

import errno
import os
import pathlib
import pty
import re
import signal
import subprocess
import threading
import typing

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "target" / "docs"



class Program(typing.NamedTuple):
    language: str
    command: list
    source: str  # what it was built from
    shown_by: list  # what takes that from the page


PROGRAMS = {
    program.language: program
    for program in (
        Program("C", ["target/docs/till"], "till.c", ["tools/program-in", "docs/quick-start-c.md", "c"]),
        Program("C++", ["target/docs/till-cpp"], "till.cpp", ["tools/program-in", "docs/quick-start-cpp.md", "cpp"]),
        Program(
            "Python",
            ["python3", "target/docs/till-1.py"],
            "till-1.py",
            ["tools/program-in", "docs/quick-start-python.md", "python"],
        ),
        Program(
            "C#", ["mono", "target/csharp/Till.exe"], "Till.cs", ["tools/program-in", "docs/quick-start-csharp.md", "csharp"]
        ),
        Program("README-C", ["target/docs/readme"], "readme.c", ["tools/readme-till", "c"]),
        Program("README-C++", ["target/docs/readme-cpp"], "readme.cpp", ["tools/readme-till", "cpp"]),
        Program("README-Python", ["python3", "target/docs/readme.py"], "readme.py", ["tools/readme-till", "python"]),
        Program("README-C#", ["mono", "target/csharp/Readme.exe"], "Readme.cs", ["tools/readme-till", "csharp"]),
    )
}

# What the programs print of a payment's next actions, each on a line of its own.
LINES = {
    ">> Bitte den Beleg unterschreiben lassen.": "take_signature",
    ">> Ein neuer Versuch ist möglich.": "try_again",
    ">> Bitte später noch einmal fragen.": "recover_later",
    ">> Bitte auf das Kartengerät sehen.": "look_at_terminal",
    ">> Bitte klären: Was zeigen Beleg und Kasse?": "ask_cashier",
    ">> Bitte dem Kunden das Geld erstatten.": "refund",
    ">> Bitte das Geld beim Kunden einziehen.": "collect",
    ">> Bitte den Service rufen.": "call_support",
    "* * Händlerbeleg * *": "print_merchant",
    "* * Kundenbeleg * *": "print_customer",
}
REST = re.compile(r">> Bitte den Rest kassieren: (\d+) Cent\.")
PAYMENT = re.compile(r"(\S.*), Versuch (\d+): (.*)")

# The outcome, by how the cashier's text begins.
OUTCOMES = (
    ("Nicht gestartet: Die Daten dieser Kasse sind älter", "unknown"),  # it may have been paid by what is forgotten
    ("Bezahlt.", "approved"),
    ("Als bezahlt gebucht", "approved"),
    ("Nicht storniert", "approved"),
    ("Noch nicht storniert", "approved"),
    ("Unklar, ob storniert wurde", "approved"),
    ("Nicht bezahlt", "negative"),
    ("Als nicht bezahlt gebucht", "negative"),
    ("Nicht gestartet", "negative"),
    ("Unklar, ob bezahlt wurde", "unknown"),
    ("Storniert.", "reversed"),
)


class Telling(typing.NamedTuple):
    """What the cashier was told of one payment."""

    reference: str
    attempt: int
    text: str
    actions: list
    rest: list

    @property
    def outcome(self):
        # Of an earlier result the text says so first.
        return next((outcome for start, outcome in OUTCOMES if self.text.startswith(start)), "other")


def read(lines):
    """The tellings in what a program has printed, and its other lines."""
    tellings, others = [], []
    for line in lines:
        payment = PAYMENT.fullmatch(line)
        rest = REST.fullmatch(line)
        if payment:
            tellings.append(Telling(payment[1], int(payment[2]), payment[3], [], []))
        elif tellings and rest:
            tellings[-1].actions.append("collect_rest")
            tellings[-1].rest.append(int(rest[1]))
        elif tellings and line in LINES:
            tellings[-1].actions.append(LINES[line])
        elif line.startswith(">>"):
            raise RuntimeError(f"a line that no cashier knows: {line}")
        else:
            others.append(line)
    return tellings, others


def clock(seconds, wall_seconds):
    """What runs a command as if so many seconds had passed, by the clocks that nobody sets and by the wall clock."""
    setting = ["env", f"LD_PRELOAD={DOCS / 'wall-clock.so'}", f"WALL_CLOCK_SECONDS={wall_seconds}"] if wall_seconds else []
    return ([str(ROOT / "tools" / "later"), str(seconds)] if seconds else []) + setting


class Run:
    """A program at a terminal of its own, so that each line is there when it is printed."""

    def __init__(self, command, power_until=None):
        """`power_until`: a line; as soon as it is printed the program is killed."""
        ours, theirs = pty.openpty()
        environment = dict(os.environ, LC_ALL="C.UTF-8", PYTHONPATH=str(ROOT / "bindings/python/src"), TERM="dumb")
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self._terminal = ours
        self._printed = b""
        self._power_until = power_until and power_until.encode()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            try:
                some = os.read(self._terminal, 65536)
            except OSError as fault:
                if fault.errno != errno.EIO:  # nobody holds the other side any more
                    raise
                some = b""
            if not some:
                return
            self._printed += some
            if self._power_until and self._power_until in self._printed:
                self._kill()

    def has_ended(self):
        return self._process.poll() is not None

    def _lines(self):
        return [line.rstrip("\r") for line in self._printed.decode("utf-8", "replace").split("\n")]

    def kill(self):
        self._kill()
        return self.end()

    def _kill(self):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def end(self):
        """Waits for its end. All its lines."""
        try:
            self._process.wait(timeout=400)
        except subprocess.TimeoutExpired:
            self._kill()
            raise RuntimeError("a till has not ended within 400 s") from None
        self._reader.join()
        os.close(self._terminal)
        return [line for line in self._lines() if line]
