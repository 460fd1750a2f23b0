"""Prints a receipt in any format, without a till.

    PYTHONPATH=bindings/python/src python3 examples/python/receipts.py FILE customer|merchant text|escpos|html|pdf|json

FILE holds a Smart Transaction, or a bare list of lines, as JSON.
"""

import argparse
import pathlib
import sys

import secupos

arguments = argparse.ArgumentParser(description="Prints a receipt in any format.")
arguments.add_argument("file", type=pathlib.Path)
arguments.add_argument("copy", choices=[str(copy) for copy in secupos.Copy])
arguments.add_argument("format", choices=[str(format) for format in secupos.Format])
given = arguments.parse_args()

options = secupos.RenderOptions(format=secupos.Format[given.format.upper()], columns=32)
try:
    with secupos.Receipt.parse(given.file.read_bytes(), secupos.Copy[given.copy.upper()]) as receipt:
        sys.stdout.buffer.write(receipt.render(options))
except secupos.SecuposError as fault:
    sys.exit(str(fault))
