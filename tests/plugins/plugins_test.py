#!/usr/bin/env python3
"""What weir says of a plugin that it can't load, word for word, and that it says it rather than
crash: plugins_test.py WEIR FOLDER-OF-PLUGINS"""

import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

WEIR = pathlib.Path(sys.argv[1]).resolve()
PLUGINS = pathlib.Path(sys.argv[2]).resolve()
ANOTHER_MACHINE = "it is a library for another kind of machine"
DAMAGED = "it is damaged: its end is missing"


def fields(image, offset, layout):
    return list(struct.unpack_from(layout, image, offset))


class Plugins(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.good = self.copy("good.so")

    def copy(self, name, to=None):
        path = self.folder / (to or name)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PLUGINS / name, path)
        return path

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def weir(self, *arguments, cwd=None):
        return subprocess.run([WEIR, *map(str, arguments)], cwd=cwd or self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def assert_refused(self, message, *plugins):
        """`weir nodes` with these plugins says this of the last one, and nothing else."""
        options = [word for plugin in plugins for word in ("--plugin", plugin)]
        done = self.weir("nodes", *options)
        self.assertEqual(done.stderr, f"weir: error: plugin '{plugins[-1]}': {message}\n")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")

    def forge(self, offset, layout, *values):
        image = bytearray(self.good.read_bytes())
        struct.pack_into(layout, image, offset, *values)
        return self.write("forged.so", bytes(image))


class NotAPlugin(Plugins):
    def test_a_missing_file(self):
        self.assert_refused("No such file or directory", self.folder / "nowhere.so")

    def test_a_folder(self):
        (self.folder / "folder.so").mkdir()
        self.assert_refused("it is a folder", self.folder / "folder.so")

    def test_a_pipe_that_nobody_writes_to(self):
        os.mkfifo(self.folder / "pipe.so")
        self.assert_refused("it is not a regular file", self.folder / "pipe.so")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read(self):
        self.good.chmod(0)
        self.assert_refused("Permission denied", self.good)

    def test_a_link_in_a_circle(self):
        (self.folder / "link.so").symlink_to("link.so")
        self.assert_refused("Too many levels of symbolic links", self.folder / "link.so")

    def test_an_empty_file(self):
        self.assert_refused("it is not a shared library", self.write("empty.so", ""))

    def test_a_text(self):
        self.assert_refused("it is not a shared library", self.write("text.so", "#!/bin/sh\n" * 99))

    def test_an_object_file(self):
        self.assert_refused("it is not a shared library", self.forge(16, "<H", 1))

    def test_a_program(self):
        self.assert_refused(
            "it is a shared library, but not a weir plugin: it has no WEIR_PLUGIN(…), or hides it",
            WEIR)

    def test_a_library_of_another_purpose(self):
        self.assert_refused(
            "it is a shared library, but not a weir plugin: it has no WEIR_PLUGIN(…), or hides it",
            self.copy("no_plugin.so"))

    def test_a_library_with_a_stamp_alone(self):
        self.assert_refused("it lacks the symbol 'weir_plugin_table'", self.copy("no_table.so"))


class AnotherMachine(Plugins):
    def test_another_processor(self):
        (machine,) = fields(self.good.read_bytes(), 18, "<H")
        other = 183 if machine != 183 else 62  # AArch64, x86-64
        self.assert_refused(ANOTHER_MACHINE, self.forge(18, "<H", other))

    def test_32_bits(self):
        self.assert_refused(ANOTHER_MACHINE, self.forge(4, "<B", 1))

    def test_another_byte_order(self):
        self.assert_refused(ANOTHER_MACHINE, self.forge(5, "<B", 2))


class Damaged(Plugins):
    def test_cut_off_anywhere(self):
        image = self.good.read_bytes()
        header = 64
        for size in (header, header + 1, len(image) // 2, len(image) - 1):
            with self.subTest(size=size):
                self.assert_refused(DAMAGED, self.write("cut.so", image[:size]))

    def test_cut_off_in_its_header(self):
        image = self.good.read_bytes()
        for size in (4, 63):
            with self.subTest(size=size):
                self.assert_refused("it is not a shared library", self.write("cut.so", image[:size]))

    def test_a_stamp_that_is_not_in_the_file(self):
        image = self.good.read_bytes()
        name = image.index(b"\0weir_plugin_stamp\0") + 1
        sections, = fields(image, 40, "<Q")
        entry, count = fields(image, 58, "<HH")
        headers = [fields(image, sections + i * entry, "<IIQQQQIIQQ") for i in range(count)]
        symbols = next(header for header in headers if header[1] == 11)  # the dynamic symbols
        strings = headers[symbols[6]]
        for offset in range(symbols[4], symbols[4] + symbols[5], 24):
            if strings[4] + fields(image, offset, "<I")[0] == name:
                forged = self.forge(offset + 8, "<Q", 1 << 60)
                return self.assert_refused("its stamp can't be read: it is damaged", forged)
        self.fail("the stamp's symbol was not found")


class AnotherWeir(Plugins):
    def test_none_of_its_code_runs(self):
        """other_abi.cpp would end the program, were it opened."""
        self.assert_refused(
            "it was built for another weir (abi is 3 here and 0 in the plugin); build it again with "
            "this one's headers", self.copy("other_abi.so"))

    def test_it_would_have_been_noticed(self):
        program = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"
        done = subprocess.run([sys.executable, "-c", program, PLUGINS / "other_abi.so"],
                              stderr=subprocess.DEVNULL, check=False)
        self.assertNotEqual(done.returncode, 0)


class CannotBeLoaded(Plugins):
    def test_an_unresolved_symbol(self):
        self.assert_refused("it can't be loaded: undefined symbol: weir_test_is_nowhere",
                            self.copy("unresolved.so"))

    def test_nodes_that_cannot_describe_themselves(self):
        self.assert_refused("its nodes can't describe themselves: it does not know what it is",
                            self.copy("describe_throws.so"))


class Clashes(Plugins):
    def test_with_a_built_in_node(self):
        self.assert_refused("its function 'format' clashes with the one that is built in; rename it",
                            self.copy("clash_builtin.so"))

    def test_with_another_plugin(self):
        self.assert_refused(
            f"its function 'triple' clashes with the one that is in {self.good}; rename it",
            self.good, self.copy("clash_good.so"))

    def test_the_same_plugin_twice_is_one(self):
        link = self.folder / "link.so"
        link.symlink_to(self.good)
        done = self.weir("nodes", "--plugin", self.good, "--plugin", "./good.so", "--plugin", link)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.count("triple"), 1)


class Paths(Plugins):
    PIPELINE = ("weir: 1\n"
                "plugins: [{}]\n"
                "nodes:\n"
                "  numbers: {{source: range, to: 3}}\n"
                "  tripled: {{from: numbers, function: triple, limit: 1}}\n"
                "  shown: {{from: tripled, sink: print}}\n")

    def pipeline(self, plugin):
        return self.write("pipelines/triple.yaml", self.PIPELINE.format(plugin))

    def assert_runs(self, *arguments, cwd=None):
        done = self.weir("run", "-q", *arguments, cwd=cwd)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        self.assertEqual(sorted(done.stdout.split()), ["3", "6", "9"])

    def test_in_a_file_it_is_relative_to_the_file(self):
        self.copy("good.so", "pipelines/build/good.so")
        file = self.pipeline("build/good.so")
        self.assert_runs(file)
        self.assert_runs(file, cwd="/")
        self.assert_runs("triple.yaml", cwd=file.parent)

    def test_in_a_file_it_is_not_relative_to_the_current_folder(self):
        self.copy("good.so", "build/good.so")
        self.pipeline("build/good.so")
        done = self.weir("check", "pipelines/triple.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.splitlines()[:3], [
            "pipelines/triple.yaml:2:11: error: plugin 'pipelines/build/good.so': No such file or "
            "directory",
            "  2 | plugins: [build/good.so]",
            "    |           ^~~~~~~~~~~~~",
        ])

    def test_on_the_command_line_it_is_relative_to_the_current_folder(self):
        self.copy("good.so", "build/good.so")
        file = self.write("pipelines/triple.yaml",
                          self.PIPELINE.format("").replace("plugins: []\n", ""))
        self.assert_runs("--plugin", "build/good.so", file)
        self.assert_runs("--plugin", "../build/good.so", "triple.yaml", cwd=file.parent)

    def test_an_absolute_path(self):
        self.assert_runs(self.pipeline(self.good))

    def test_both_ways_at_once_are_one(self):
        self.assert_runs("--plugin", self.good, self.pipeline(self.good))

    def test_a_bare_name_in_a_file(self):
        self.copy("good.so", "pipelines/good.so")
        done = self.weir("check", self.pipeline("good.so"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.splitlines()[:3], [
            f"{self.folder}/pipelines/triple.yaml:2:11: error: plugin 'good.so': say in which folder "
            "it is: './good.so' or '/…/good.so'",
            "  2 | plugins: [good.so]",
            "    |           ^~~~~~~",
        ])

    def test_a_bare_name_on_the_command_line(self):
        self.assert_refused("say in which folder it is: './good.so' or '/…/good.so'", "good.so")

    def test_each_of_several_is_told(self):
        file = self.pipeline("./nowhere.so, build/../../good.so, ./triple.yaml")
        done = self.weir("check", file)
        self.assertEqual(done.returncode, 2)
        errors = [line for line in done.stderr.splitlines() if ": error: plugin " in line]
        self.assertEqual(len(errors), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
