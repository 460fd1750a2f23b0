"""Receipts without a till: read from the server's JSON, drawn as text."""

import json
import unittest

import secupos
from secupos import Alignment, Copy, Line, LineType, Signature

LINES = [
    {"type": "separator", "value": {"caption": "Händlerbeleg"}},
    {"type": "textline", "value": {"text": "ec-Lastschrift", "decoration": ["important", "align-center"]}},
    {"type": "name-value", "value": {"name": "Beleg-Nr.", "value": "0003", "decoration": []}},
    {"type": "space"},
    {"type": "textline", "value": {"text": "Unterschrift", "decoration": []}},
]


class Receipts(unittest.TestCase):
    def test_lines(self):
        receipt = secupos.Receipt.parse(json.dumps(LINES), Copy.MERCHANT)
        self.assertEqual(
            receipt.lines[1:4],
            [
                Line(LineType.TEXT, "ec-Lastschrift", None, None, True, Alignment.CENTER),
                Line(LineType.NAME_VALUE, None, "Beleg-Nr.", "0003", False, receipt.lines[2].alignment),
                Line(LineType.SPACE, None, None, None, False, Alignment.LEFT),
            ],
        )
        caption = receipt.lines[0]
        self.assertEqual((caption.type, caption.text), (LineType.SEPARATOR, "Händlerbeleg"))
        self.assertEqual(receipt.field("receipt_no"), "0003")
        self.assertIs(receipt.signature, Signature.REQUIRED)

    def test_text(self):
        receipt = secupos.Receipt.parse(json.dumps(LINES).encode(), Copy.MERCHANT)
        rows = receipt.text(columns=32).splitlines()
        self.assertIn("Beleg-Nr." + "0003".rjust(23), rows)
        self.assertTrue(any("Händlerbeleg" in row for row in rows))
        for columns in (15, 97, 0, -1, 2**31):
            with self.assertRaisesRegex(secupos.InvalidArgument, "columns "):
                receipt.text(columns=columns)
        with self.assertRaisesRegex(TypeError, "^columns must be an int"):
            receipt.text(columns=42.0)

    def test_what_is_none(self):
        for document in ("", "[", "null\0", b"\xff"):
            with self.subTest(document):
                with self.assertRaises(secupos.ReceiptError) as caught:
                    secupos.Receipt.parse(document, Copy.CUSTOMER)
                self.assertIs(caught.exception.status, secupos.Status.MALFORMED)
        with self.assertRaisesRegex(secupos.InvalidArgument, "document has a lone surrogate"):
            secupos.Receipt.parse('["\ud800"]', Copy.CUSTOMER)
        with self.assertRaisesRegex(TypeError, "^document must be "):
            secupos.Receipt.parse(LINES, Copy.CUSTOMER)
        with self.assertRaisesRegex(TypeError, "^copy must be "):
            secupos.Receipt.parse("[]", 1)

    def test_field_names_are_texts(self):
        receipt = secupos.Receipt.parse("[]", Copy.CUSTOMER)
        with self.assertRaisesRegex(secupos.InvalidArgument, "name contains a NUL"):
            receipt.field("receipt_no\0")
        with self.assertRaisesRegex(TypeError, "^name must be a str"):
            receipt.field(3)


if __name__ == "__main__":
    unittest.main()
