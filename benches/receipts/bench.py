"""What both programs in Python here do alike, see bench.h; and how lines are laid out, see slip.h."""

import sys
import time
from collections.abc import Callable

COLUMNS = 42


def laid_out(lines: list) -> str:
    slip = []
    for line in lines:
        value = line.value
        if line.type == "separator":
            slip.append(value.caption.center(COLUMNS).rstrip() + "\n")
        elif line.type == "textline":
            slip.append(value.text.center(COLUMNS).rstrip() if "align-center" in value.decoration else value.text)
        elif line.type == "name-value":
            slip.append(value.name + value.value.rjust(COLUMNS - len(value.name)))
        else:
            slip.append("")
    return "\n".join(slip) + "\n"


def main(drawn: Callable[[bytes, str], str]) -> None:
    with open(sys.argv[1], "rb") as file:
        answer = file.read()
    if len(sys.argv) == 2:
        sys.stdout.write(drawn(answer, "receipt") + drawn(answer, "receipt_merchant"))
        return
    parts, rounds = int(sys.argv[2]), int(sys.argv[3])
    for _ in range(parts):
        since = time.perf_counter_ns()
        for _ in range(rounds):
            drawn(answer, "receipt")
            drawn(answer, "receipt_merchant")
        print((time.perf_counter_ns() - since) // rounds)
