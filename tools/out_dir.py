"""Reads cargo's JSON messages and prints the directory into which our build script has written the header."""

import json
import pathlib
import sys

messages = map(json.loads, sys.stdin)
written = (message["out_dir"] for message in messages if message["reason"] == "build-script-executed")
print(next(directory for directory in written if pathlib.Path(directory, "secupos.h").exists()))
