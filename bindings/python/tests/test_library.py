"""Finding the native library: what is said when it is missing, broken, or another one."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
import zipapp

from secupos import _library
from simulator import REPOSITORY, environment, on_posix

PACKAGE = REPOSITORY / "bindings" / "python" / "src" / "secupos"
LOADED = next(file for file in _library._files() if file.exists())


class Library(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name).resolve()
        self.package = self.root / "bindings" / "python" / "src" / "secupos"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns(LOADED.name, "__pycache__"))

    def imported(self):
        """What Python says when it imports the copied package."""
        return subprocess.run(
            [sys.executable, "-c", "import secupos; print(secupos.__version__)"],
            env=environment(self.package.parent),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ).stdout

    def built(self, code):
        """Puts a library made of this C code beside the package. Windows has no C compiler."""
        source = self.root / "library.c"
        source.write_text(code)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.package / LOADED.name, source], check=True)

    def checkout(self):
        """Makes the copy look like a source checkout, and gives where its library would be."""
        for file in ("Cargo.toml", "include/secupos.h"):
            (self.root / file).parent.mkdir(exist_ok=True)
            (self.root / file).touch()
        return self.root / "target" / "lib" / "release" / LOADED.name

    def test_a_missing_library_says_what_was_tried(self):
        wanted = self.checkout()
        said = self.imported()
        self.assertIn("ImportError: secupos' native library was not found", said)
        self.assertIn("make lib", said)
        for tried in (self.package / LOADED.name, wanted, _library._SYSTEM):
            self.assertIn(str(tried), said)

    def test_a_source_checkout_has_its_own(self):
        wanted = self.checkout()
        wanted.parent.mkdir(parents=True)
        shutil.copy(LOADED, wanted)
        self.assertRegex(self.imported(), r"^\d+\.\d+\.\d+\n$")

    def test_a_broken_library_is_told_and_not_passed_over(self):
        (self.package / LOADED.name).write_text("not a library")
        self.assertIn("ImportError: secupos' native library cannot be loaded", self.imported())

    @on_posix
    def test_another_abi_is_refused(self):
        self.built("unsigned secupos_abi_version(void) { return 2; }")
        self.assertIn("has the ABI version 2, but this secupos package needs 1", self.imported())

    @on_posix
    def test_a_library_without_a_function_is_refused(self):
        self.built("unsigned secupos_abi_version(void) { return 1; }")
        self.assertIn("is not the native library that this secupos package needs", self.imported())

    def test_a_zip_is_refused_and_told_what_to_do(self):
        shutil.copy(LOADED, self.package)
        (self.package.parent / "__main__.py").write_text("import secupos; print(secupos.__version__)")
        program = self.root / "till.pyz"
        zipapp.create_archive(self.package.parent, program)
        ran = subprocess.run(
            [sys.executable, program],
            env=environment(self.root),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.assertEqual(ran.returncode, 1)
        for words in (f"ImportError: secupos is inside the zip {program}", "pip install --target", "PyInstaller"):
            self.assertIn(words, ran.stdout)

    def test_pytest_loads_the_fixture_without_the_library(self):
        # The copied package has no library: to import it fails.
        shutil.copytree(PACKAGE.with_name("secupos_plugins"), self.package.with_name("secupos_plugins"))
        program = """
            import sys, types
            sys.modules["pytest"] = types.SimpleNamespace(fixture=lambda function: function)
            import secupos_plugins.pytest_fixture, secupos_plugins.pyinstaller
            print("secupos" in sys.modules, secupos_plugins.pyinstaller.hook_folders())
        """
        ran = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program)],
            env=environment(self.package.parent),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        folder = self.package.with_name("secupos_plugins")
        self.assertEqual(ran.stdout, f"False {[str(folder)]}\n")
        self.assertTrue((folder / "hook-secupos.py").exists())


if __name__ == "__main__":
    unittest.main()
