#!/usr/bin/env python3
"""The code that the documentation shows is right: every ```cpp block of README.md and
framework/doc/ with a WEIR_PLUGIN builds as a plugin, by each compiler and without a warning, and
every ```yaml block with a line `weir: 1` passes `weir check`.

A block behind a line that holds nothing but a bold file name, such as **hello.yaml**, is that file;
the others of the page can include it. A yaml block may name a plugin that a cpp block of its page
makes: by the name in its WEIR_PLUGIN, in whatever folder. A file whose name begins with "wrong"
shows errors: `weir check` has to refuse it.

doc_examples_test.py WEIR CHECKOUT COMPILER…
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

WEIR, ROOT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
COMPILERS = sys.argv[3:]
OPTIONS = ["-std=c++20", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fPIC", "-shared",
           "-fvisibility=hidden", f"-I{ROOT}/framework/include",
           f"-Wl,--version-script={ROOT}/framework/cmake/plugin.map"]
FENCE = re.compile(r"^([ \t]*)```(\w*)[^\n]*\n(.*?)^\1```[ \t]*$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"^\*\*([\w./-]+)\*\*\s*\Z", re.MULTILINE)
PLUGIN = re.compile(r'WEIR_PLUGIN\(\s*"([^"]+)"')
# `plugins: [a, b]`, `plugins: a`, or a list on the lines below.
NAMED_PLUGINS = re.compile(r"^plugins:[ \t]*(?:#[^\n]*)?(?:\[([^\]]*)\]|(\S[^\n]*)|((?:\n\s+-\s[^\n]*)+))",
                           re.MULTILINE)


class Block:
    """A code block, and where it begins."""

    def __init__(self, page, text, match):
        before = text[:match.start()]
        self.place = f"{page.relative_to(ROOT)}:{before.count(chr(10)) + 1}"
        self.language = match.group(2)
        self.text = re.sub(f"^{match.group(1)}", "", match.group(3), flags=re.MULTILINE)
        name = FILE_NAME.search(before)
        self.file = name.group(1) if name else None

    @property
    def plugin(self):
        found = PLUGIN.search(self.text) if self.language == "cpp" else None
        return found.group(1) if found else None

    @property
    def is_pipeline(self):
        return self.language == "yaml" and re.search(r"^weir: 1\b", self.text, re.MULTILINE)

    def plugin_paths(self):
        for forms in NAMED_PLUGINS.findall(self.text):
            for word in re.split(r"[,\n]", "".join(forms)):
                word = word.split("#")[0].strip().removeprefix("-").strip().strip("\"'")
                if word:
                    yield word


def blocks_of(page):
    text = page.read_text(encoding="utf-8")
    return [Block(page, text, match) for match in FENCE.finditer(text)]


class Page:
    """The blocks of a page, and a folder with those of them that are files."""

    def __init__(self, path, folder):
        self.folder = pathlib.Path(folder)
        self.blocks = blocks_of(path)
        for block in self.blocks:
            if block.file:
                self.write(block.file, block.text)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def build(self, block, compiler, to):
        source = self.write(block.file or f"{block.plugin}.cpp", block.text)
        to.parent.mkdir(parents=True, exist_ok=True)
        return subprocess.run([compiler, *OPTIONS, source.name, "-o", to.resolve()],
                              cwd=source.parent, capture_output=True, text=True, check=False)

    def pipeline(self, block, number):
        name = block.file or f"example_{number}.yaml"
        return self.write(name, block.text)


def pages():
    found = [ROOT / "README.md"] if (ROOT / "README.md").exists() else []
    return found + sorted((ROOT / "framework" / "doc").rglob("*.md"))


class DocExamples(unittest.TestCase):
    def pages(self):
        for path in pages():
            with tempfile.TemporaryDirectory() as folder:
                yield Page(path, folder)

    def test_the_readme_shows_a_plugin_and_a_pipeline(self):
        readme = ROOT / "README.md"
        if not readme.exists():
            self.skipTest("there is no README.md")
        blocks = blocks_of(readme)
        self.assertTrue(any(block.plugin for block in blocks), "no ```cpp block has a WEIR_PLUGIN")
        self.assertTrue(any(block.is_pipeline for block in blocks),
                        "no ```yaml block has a line 'weir: 1'")

    def test_plugins_build_without_a_warning(self):
        for page in self.pages():
            for block in filter(lambda block: block.plugin, page.blocks):
                for compiler in COMPILERS:
                    with self.subTest(block=block.place, compiler=compiler):
                        plugin = page.folder / "plugin.so"
                        done = page.build(block, compiler, plugin)
                        self.assertEqual(done.stderr, "")
                        self.assertEqual(done.returncode, 0)
                        # Not instrumented as a weir with a sanitizer is, but only asked for its nodes.
                        listed = self.weir("nodes", "--plugin", plugin)
                        self.assertEqual((listed.stderr, listed.returncode), ("", 0))

    def test_pipelines_are_right(self):
        for page in self.pages():
            made = {block.plugin: block for block in page.blocks if block.plugin}
            for number, block in enumerate(page.blocks):
                if not block.is_pipeline:
                    continue
                with self.subTest(block=block.place):
                    file = page.pipeline(block, number)
                    for path in block.plugin_paths():
                        name = pathlib.PurePath(path).stem
                        self.assertIn(name, made, "no cpp block of the page makes this plugin")
                        done = page.build(made[name], COMPILERS[0], file.parent / path)
                        self.assertEqual(done.stderr, "")
                    done = self.weir("check", file)
                    shows_errors = (block.file or "").startswith("wrong")
                    self.assertEqual(done.returncode, 2 if shows_errors else 0, done.stderr)

    @staticmethod
    def weir(*arguments):
        return subprocess.run([WEIR, *arguments], capture_output=True, text=True, check=False,
                              timeout=60)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
