"""Leaves of abidw's description of the library what belongs to its ABI: standard input to standard output.

The library holds SQLite and other C code, whose units abidw describes because they are there; none of it is exported.
It stays a script, because Python brings a parser for XML.
"""

import sys
import xml.etree.ElementTree as ElementTree

corpus = ElementTree.parse(sys.stdin)
root = corpus.getroot()
for unit in root.findall("abi-instr"):
    if not any(function.get("elf-symbol-id") for function in unit.iter("function-decl")):
        root.remove(unit)
    # The compiler's own name of the unit changes with its contents.
    unit.set("path", "src/lib.rs")
ElementTree.indent(corpus)
corpus.write(sys.stdout, encoding="unicode")
print()
