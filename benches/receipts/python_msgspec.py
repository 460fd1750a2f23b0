"""The receipts of an answer by msgspec, which reads into typed structs."""

import bench
import msgspec


class Value(msgspec.Struct):
    caption: str = ""
    text: str = ""
    name: str = ""
    value: str = ""
    decoration: list[str] = []


class Line(msgspec.Struct):
    type: str
    value: Value = msgspec.field(default_factory=Value)


class Answer(msgspec.Struct):
    receipt: list[Line]
    receipt_merchant: list[Line]


DECODER = msgspec.json.Decoder(Answer)


def drawn(answer: bytes, copy: str) -> str:
    return bench.laid_out(getattr(DECODER.decode(answer), copy))


bench.main(drawn)
