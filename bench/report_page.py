"""Rows of bench/ui.sh: how long the report of a large run takes to make, and a browser to draw."""

import pathlib
import random
import resource
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/page"))
from browser import Browser  # noqa: E402: it is beside what it tests

ITEMS = 100_000
ROUNDS = 5

RUN = """
weir: 1
name: large
nodes:
  images: {source: lines, path: images.txt}
  build: {from: images, function: sleep, for: 1ms, limit: 300}
  built: {from: build, queue: fifo}
  push: {from: built, function: sleep, for: 1ms, limit: 100}
  pushed: {from: push, sink: count}
"""


def write_run(folder):
    chance = random.Random(1)
    with open(folder / "images.txt", "w", encoding="utf-8") as file:
        for item in range(ITEMS):
            file.write(f"registry.example.org/team-{item % 97}/image-{item}@sha256:{chance.getrandbits(256):064x}\n")
    (folder / "run.yaml").write_text(RUN, encoding="utf-8")


def make_report(weir, folder):
    """Seconds, and those of a CPU."""
    used = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    began, before = time.perf_counter(), used()
    subprocess.run([weir, "report", "-o", "report.html"], cwd=folder, check=True)
    return time.perf_counter() - began, used() - before


def seconds_to_draw(browser, file):
    page = browser.page()
    page.size(1280, 800)
    began = time.perf_counter()
    page.open(file.as_uri())
    page.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    if page.errors or not page.value("timeline.lanes.length"):
        raise SystemExit(f"the report is not drawn: {page.errors}")
    return time.perf_counter() - began


def measure(weir, folder):
    """Rows for the table."""
    write_run(folder)
    subprocess.run([weir, "run", "run.yaml", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    made = [make_report(weir, folder) for _ in range(ROUNDS)]
    file = folder / "report.html"
    with Browser() as browser:
        drawn = [seconds_to_draw(browser, file) for _ in range(ROUNDS)]
    median = statistics.median
    return [
        (f"report of {ITEMS:,} items: made in", f"{median(one for one, _ in made):.2f} s", "< 2 s"),
        ("report: CPU for that", f"{median(cpu for _, cpu in made):.2f} s", ""),
        ("report: size", f"{file.stat().st_size / 1e6:.2f} MB", "≤ 5 MB"),
        ("report: drawn by Chromium in", f"{median(drawn):.2f} s", "< 2 s"),
    ]
