"""The receipts of an answer by Python's own json and dataclasses."""

import json
from dataclasses import dataclass, field

import bench


@dataclass
class Value:
    caption: str = ""
    text: str = ""
    name: str = ""
    value: str = ""
    decoration: list = field(default_factory=list)


@dataclass
class Line:
    type: str
    value: Value


def drawn(answer: bytes, copy: str) -> str:
    lines = [Line(row["type"], Value(**row.get("value", {}))) for row in json.loads(answer)[copy]]
    return bench.laid_out(lines)


bench.main(drawn)
