"""What the comparisons and the promises have in common: texts, pipelines, tables."""

import os
import random
import shutil
import sys

LINE = 50  # bytes, with the newline


def write_lines(path, megabytes):
    """Lines of 50 bytes, one in 18 of them with "needle"; the same ones every time."""
    generator = random.Random(1)
    words = ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randint(3, 9)))
             for _ in range(20000)]
    lines = []
    for _ in range(20000):
        line = ""
        while len(line) < LINE:
            line += generator.choice(words) + " "
        if generator.random() < 1 / 18:
            line = "needle " + line
        lines.append(line[:LINE - 1] + "\n")
    block = "".join(lines).encode()
    with open(path, "wb") as file:
        for _ in range(max(1, megabytes * 1_000_000 // len(block))):
            file.write(block)


def write_pipeline(path, *nodes):
    path.write_text("weir: 1\nnodes:\n" + "".join(f"  {node}\n" for node in nodes))


def memory(megabytes):
    """A folder in memory with room for the files, so that no disk is measured; or None."""
    folder = "/dev/shm"
    if not os.path.isdir(folder) or shutil.disk_usage(folder).free < 5 * megabytes * 1_000_000:
        print("no room in /dev/shm: files are on a disk, which may be what is measured",
              file=sys.stderr)
        return None
    return folder


def show(cells):
    """Rows of texts, the first one the head, in columns."""
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
