#!/usr/bin/env python3
"""The rules that the sources keep to: who may include what, and how long a file may be.
sources_test.py CHECKOUT"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1]).resolve()
FRAMEWORK = ROOT / "framework"
PUBLIC = FRAMEWORK / "include" / "weir"

# For each part of framework/, the parts that it may include, beside itself and <weir/…>. They go one
# way: data, spec, compile, runtime, view, cli. io and journal stand alone, below runtime.
MAY_INCLUDE = {
    "data": set(),
    "spec": {"data"},
    "compile": {"data", "spec"},
    "io": set(),
    "journal": set(),
    "runtime": {"data", "spec", "compile", "io", "journal"},
    "view": {"data", "spec", "compile", "io", "journal", "runtime"},
    "embed": {"data", "spec", "compile", "io", "journal", "runtime", "view", "nodes"},
    "cli": {"data", "spec", "compile", "io", "journal", "runtime", "view", "nodes"},
}

# The libraries that are one part's own matter.
OWNERS = {
    "oneTBB": (re.compile(r"(oneapi/)?tbb[/.]"), {"runtime"}),
    "yaml-cpp": (re.compile(r"yaml-cpp/"), {"spec"}),
    "Boost": (re.compile(r"boost/"), {"io", "journal", "view"}),
    "SQLite": (re.compile(r"sqlite3"), {"journal"}),
    "zlib": (re.compile(r"zlib"), {"view"}),
    "CLI11": (re.compile(r"CLI/"), {"cli"}),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
LONGEST_FILE = 500
LONGEST_MAIN = 40
OURS = ("framework", "nodes", "pipelines", "tests", "bench")
# Not by suffix: what tests/golden holds is data.
SOURCE_SUFFIXES = {".hpp", ".cpp", ".cmake", ".in", ".py", ".sh", ".yaml", ".txt", ".map",
                   ".js", ".css", ".html"}


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in {".hpp", ".cpp"}
                  and not any(part.startswith("build") for part in path.relative_to(ROOT).parts))


def includes(path):
    """Gives (True for <…>, what is included)."""
    for bracket, name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        yield bracket == "<", name


def name_of(path):
    return str(path.relative_to(ROOT))


class Includes(unittest.TestCase):
    def test_every_part_is_known(self):
        parts = {path.parent.name for path in FRAMEWORK.glob("*/*.cpp")}
        self.assertLessEqual(parts, MAY_INCLUDE.keys(), "say here what a new part may include")

    def test_the_parts_include_one_way(self):
        wrong = []
        for part, allowed in MAY_INCLUDE.items():
            for path in sources(FRAMEWORK / part):
                for system, name in includes(path):
                    other = name.split("/")[0]
                    if not system and other not in allowed | {part}:
                        wrong.append(f'{name_of(path)} includes "{name}"')
        self.assertEqual(wrong, [])

    def test_public_headers_include_only_each_other(self):
        wrong = [f'{name_of(path)} includes "{name}"' for path in sources(PUBLIC)
                 for system, name in includes(path) if not system]
        self.assertEqual(wrong, [])

    def test_nodes_include_only_what_is_public(self):
        parts = MAY_INCLUDE.keys()
        wrong = [f'{name_of(path)} includes "{name}"' for path in sources(ROOT / "nodes")
                 if (ROOT / "nodes" / "example") not in path.parents
                 for system, name in includes(path) if not system and not name.startswith("nodes/")]
        wrong += [f"{name_of(path)} includes <{name}>" for path in sources(ROOT / "nodes")
                  for system, name in includes(path) if system and name.split("/")[0] in parts]
        self.assertEqual(wrong, [])

    def test_the_example_stands_alone(self):
        example = ROOT / "nodes" / "example"
        wrong = [f'{name_of(path)} includes "{name}"' for path in sources(example)
                 for system, name in includes(path)
                 if not system and not (example / name).exists()]
        self.assertEqual(wrong, [])

    def test_a_library_is_used_by_its_part_alone(self):
        wrong = []
        for library, (pattern, owners) in OWNERS.items():
            for folder in (FRAMEWORK, ROOT / "nodes"):
                for path in sources(folder):
                    relative = path.relative_to(folder).parts
                    part = relative[0] if folder == FRAMEWORK else "nodes"
                    if part not in owners and any(pattern.match(name) for _, name in includes(path)):
                        wrong.append(f"{name_of(path)} includes {library}")
        self.assertEqual(wrong, [])

    def test_public_headers_need_no_library_but_json(self):
        allowed = re.compile(r"(weir/|nlohmann/|[a-z_]+$|(poll|unistd)\.h$)")
        wrong = [f"{name_of(path)} includes <{name}>" for path in sources(PUBLIC)
                 for _, name in includes(path) if not allowed.match(name)]
        self.assertEqual(wrong, [])


class Sizes(unittest.TestCase):
    def test_main_is_short(self):
        lines = (FRAMEWORK / "cli" / "main.cpp").read_text(encoding="utf-8").count("\n")
        self.assertLess(lines, LONGEST_MAIN)

    def test_no_file_is_long(self):
        wrong = []
        for folder in OURS:
            for path in (ROOT / folder).rglob("*"):
                inside = path.relative_to(ROOT)
                if (path.suffix not in SOURCE_SUFFIXES or not path.is_file()
                        or any(part.startswith("build") for part in inside.parts)
                        or "golden" in inside.parts):
                    continue
                lines = path.read_bytes().count(b"\n")
                if lines > LONGEST_FILE:
                    wrong.append(f"{inside}: {lines} lines")
        self.assertEqual(sorted(wrong), [])


class Layout(unittest.TestCase):
    def test_the_top_level_is_fixed(self):
        known = set(OURS) | {"CMakeLists.txt", "README.md", "LICENSE"}
        found = {path.name for path in ROOT.iterdir()
                 if not path.name.startswith((".", "build")) and path.name != "compile_commands.json"}
        self.assertLessEqual(found, known)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
