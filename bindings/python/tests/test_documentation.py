"""What help() shows, and the page that is written from the same texts."""

import builtins
import dataclasses
import enum
import importlib.util
import inspect
import pydoc
import re
import unittest

import secupos
from simulator import REPOSITORY

PAGE = REPOSITORY / "docs" / "api" / "python.md"
WRITER = REPOSITORY / "bindings" / "python" / "api_page.py"
PUBLIC = [getattr(secupos, name) for name in secupos.__all__ if isinstance(getattr(secupos, name), type)]


def named(kind):
    """The fields or members of a class. Its help must show what each of them means."""
    if issubclass(kind, enum.Enum):
        return list(kind.__members__)
    own = vars(kind).get("__annotations__", {})
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind) if field.name in own]
    return [name for name in own if not name.startswith("_")] if issubclass(kind, BaseException) else []


class Help(unittest.TestCase):
    def test_it_shows_the_meaning_of_each_field_and_member(self):
        seen = 0
        for kind in PUBLIC:
            shown = pydoc.plain(pydoc.render_doc(kind))
            for name in named(kind):
                with self.subTest(kind, name=name):
                    self.assertRegex(shown, rf"- `+{name}`+: \S")
                    seen += 1
        self.assertGreater(seen, 150)

    def test_every_public_method_says_what_it_does(self):
        for kind in PUBLIC:
            for name, member in vars(kind).items():
                if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                    self.assertTrue(member.__doc__, f"{kind.__name__}.{name}")

    def test_what_it_refers_to_is_there(self):
        texts = "\n".join(pydoc.plain(pydoc.render_doc(kind)) for kind in PUBLIC)
        found = set(re.findall(r"`([A-Z][a-z]\w+)(?:\.(\w+))?[`(]", texts))
        self.assertGreater(len(found), 80)
        for owner, name in found:
            with self.subTest(owner=owner, name=name):
                kind = getattr(secupos, owner, None) or getattr(builtins, owner)
                fields = getattr(kind, "__annotations__", {})
                self.assertTrue(not name or hasattr(kind, name) or name in fields)


class Page(unittest.TestCase):
    def test_it_is_what_the_docstrings_say(self):
        specification = importlib.util.spec_from_file_location("api_page", WRITER)
        writer = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(writer)
        there = PAGE.read_text(encoding="utf-8")
        self.assertEqual(there, writer.page(), "run python3 bindings/python/api_page.py")


if __name__ == "__main__":
    unittest.main()
