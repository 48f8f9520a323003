#!/usr/bin/env python3
"""Runs the commands that a page of the documentation shows, on the files that it shows.

Usage: run_page.py PAGE WEIR_BINARY SOURCE_FOLDER BUILD_FOLDER

A page is marked like this:

  * A code block behind a line that holds nothing but a bold file name, such as **hello.yaml**, is
    that file.
  * In a ```sh block, a line that begins with "$ " is a command; a command that ends in a backslash
    goes on in the next line. The lines below it, if any, are what it writes, on standard output and
    standard error. "…" in a line stands for any text, a line of nothing but "…" for any lines, and
    it does not matter how many blanks there are between words.
  * Every other block is only to be read.

Files appear and commands run in the order of the page, in a new folder. A command has to exit with
status 0. It finds weir in its PATH, and WEIR is a checkout whose build/ is the build folder.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w*)\s*$")
FILE_NAME = re.compile(r"^\*\*([\w./-]+)\*\*$")
SECONDS = 120
LONGEST = 4000  # of what a command writes, in a message


class Failure(Exception):
    pass


def blocks(page):
    """Gives (line number, language, file name or None, lines) for each code block."""
    lines = page.read_text(encoding="utf-8").splitlines()
    name, at = None, 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if not fence:
            if lines[at].strip():
                found = FILE_NAME.match(lines[at])
                name = found.group(1) if found else None
            at += 1
            continue
        begin = at + 1
        at = begin
        while at < len(lines) and lines[at] != "```":
            at += 1
        if at == len(lines):
            raise Failure(f"{page.name}:{begin}: the block is not closed")
        yield begin, fence.group(1), name, lines[begin:at]
        name, at = None, at + 1


def commands(first_line, lines):
    """Gives (line number, command, expected lines) for each command of a sh block."""
    found = []
    goes_on = False
    for number, line in enumerate(lines, first_line + 1):
        if goes_on:
            found[-1][1] += "\n" + line
            goes_on = line.endswith("\\")
        elif line.startswith("$ "):
            found.append([number, line[2:], []])
            goes_on = line.endswith("\\")
        elif found:
            found[-1][2].append(line)
    return found


def words(line):
    return " ".join(line.split())


def pattern_of(expected):
    pattern = ""
    for line in expected:
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*".join(re.escape(part) for part in words(line).split("…")) + r"\n"
    return re.compile(pattern)


def check(page, number, command, expected, folder, environment):
    ended = subprocess.run(["bash", "-c", command], cwd=folder, env=environment,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
    written = ended.stdout.decode("utf-8", "replace")
    most = written[:LONGEST] + ("…\n" if len(written) > LONGEST else "")
    place = f"{page.name}:{number}: $ {command}\n"
    if ended.returncode != 0:
        raise Failure(f"{place}exited with status {ended.returncode} and wrote\n{most}")
    while expected and not expected[-1].strip():
        expected.pop()
    normal = "".join(words(line) + "\n" for line in written.splitlines())
    if expected and not pattern_of(expected).fullmatch(normal):
        shown = "\n".join(expected)
        raise Failure(f"{place}should have written\n{shown}\n\nbut wrote\n{most}")


def environment_in(home, weir, source, build):
    """A home, a PATH that begins with weir, and a checkout that leads to the real ones."""
    checkout = home / "weir"
    checkout.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.name != "build":
            (checkout / entry.name).symlink_to(entry)
    (checkout / "build").symlink_to(build)
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("WEIR") and name != "DESTDIR"}
    environment.update(HOME=str(home), TMPDIR=str(home), WEIR=str(checkout), LC_ALL="C.UTF-8",
                       PATH=f"{weir.parent}:{environment['PATH']}")
    return environment


def run(page, weir, source, build):
    with tempfile.TemporaryDirectory(prefix="weir-docs-") as scratch:
        folder = pathlib.Path(scratch) / "work"
        folder.mkdir()
        environment = environment_in(pathlib.Path(scratch) / "home", weir, source, build)
        count = 0
        for number, language, name, lines in blocks(page):
            if name:
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            elif language == "sh":
                for line, command, expected in commands(number, lines):
                    check(page, line, command, expected, folder, environment)
                    count += 1
        print(f"{page.name}: {count} commands")


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    try:
        run(*(pathlib.Path(argument).absolute() for argument in sys.argv[1:]))
    except Failure as failure:
        sys.exit(str(failure))
    except subprocess.TimeoutExpired as expired:
        sys.exit(f"not done after {SECONDS} s: {expired.cmd[-1]}")


if __name__ == "__main__":
    main()
