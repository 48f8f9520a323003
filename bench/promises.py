"""The rows of bench/promises.sh. Usage: promises.py BUILD_FOLDER [OPTION…]; see promises.sh."""

import argparse
import os
import pathlib
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from shared import memory as in_memory, show, write_lines, write_pipeline

MIB = 1 << 20
TEXT = 500  # MB
READY = 0.2  # seconds that a looked-at run has had before it is looked at for the first time


class Table:
    """Figures beside what is promised."""

    def __init__(self, only):
        self.only = only
        self.rows = []

    def wanted(self, name):
        return not self.only or any(word in name for word in self.only)

    def add(self, name, measured, unit, promised, more=False):
        """`more`: more is better."""
        kept = measured >= promised if more else measured <= promised
        self.rows.append((name, f"{measured:.3g} {unit}", f"{'≥' if more else '≤'} {promised:.3g}",
                          "" if kept else "not kept"))
        print(f"  {name}: {measured:.3g} {unit}", file=sys.stderr)

    def show(self):
        show([("figure", "measured", "promised", "")] + self.rows)


class Weir:
    """The program, in a folder of its own."""

    def __init__(self, program, work):
        self.program = program
        self.work = work

    def write(self, name, *nodes):
        write_pipeline(self.work / name, *nodes)
        return name

    def run(self, *arguments, **options):
        return subprocess.run([self.program, *arguments], cwd=self.work, check=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)

    def seconds(self, rounds, *arguments):
        """The median of some runs."""
        times = []
        for _ in range(rounds + 1):  # the first one for the caches
            begin = time.perf_counter()
            self.run(*arguments)
            times.append(time.perf_counter() - begin)
        return statistics.median(times[1:])

    def peak(self, seconds, *arguments, stdout=subprocess.DEVNULL):
        """MiB that were resident at most, of a run that is ended after some seconds, if it has not
        ended by itself."""
        child = subprocess.Popen([self.program, *arguments], cwd=self.work, stdout=stdout,
                                 stderr=subprocess.DEVNULL)
        peak, begin = 0, time.monotonic()
        while child.poll() is None and time.monotonic() - begin < seconds:
            found = re.search(r"VmHWM:\s+(\d+)",
                              pathlib.Path(f"/proc/{child.pid}/status").read_text())
            peak = max(peak, int(found.group(1)) * 1024 / MIB) if found else peak
            time.sleep(READY / 4)
        for stop in (signal.SIGINT, signal.SIGINT, signal.SIGINT):
            if child.poll() is None:
                child.send_signal(stop)
                time.sleep(READY)
        child.kill()  # it may be held by a pipe that nobody reads
        child.wait()
        return peak


def starting(weir, table):
    if table.wanted("start"):
        small = weir.write("small.yaml", "a: {source: range, to: 3}", "b: {from: a, function: trim}",
                           "c: {from: b, sink: count}")
        table.add("start: three nodes, from exec to exit", weir.seconds(30, "run", small) * 1e3,
                  "ms", 15)
        nodes = ["n0: {source: range, to: 3}"]
        nodes += [f"n{i}: {{from: n{i - 1}, function: trim}}" for i in range(1, 9999)]
        large = weir.write("large.yaml", *nodes, "end: {from: n9998, sink: count}")
        table.add("start: check of 10,000 nodes", weir.seconds(5, "check", large), "s", 0.5)


def batches(weir, table, threads):
    """Items that take long, alone or among others: beside what the cores could do at best."""
    if not table.wanted("batches"):
        return
    even = weir.write("even.yaml", "a: {source: range, to: 100000}",
                      "b: {from: a, function: spin, for: 10us}", "c: {from: b, sink: count}")
    table.add("batches: 100,000 of 10 µs, share of ideal",
              1.0 / threads / weir.seconds(5, "run", "--no-run-dir", even), "", 0.95, more=True)
    lines = ["5ms"] * 100
    lines[50] = "200ms"
    (weir.work / "times.txt").write_text("".join(line + "\n" for line in lines))
    uneven = weir.write("uneven.yaml", "a: {source: lines, path: times.txt}",
                        "long: {from: a, function: contains, text: '200'}",
                        "short: {from: a, function: match, regex: '^5ms'}",
                        "b: {from: long, function: spin, for: 200ms}",
                        "c: {from: short, function: spin, for: 5ms}",
                        "d: {from: [b, c], sink: count}")
    ideal = max(0.2, (99 * 0.005 + 0.2) / threads)
    table.add("batches: 100 of 5 ms and one of 200 ms, times the ideal",
              weir.seconds(5, "run", "--no-run-dir", uneven) / ideal, "", 1.1)


def memory(weir, table, seconds):
    bound = 64
    if table.wanted("memory: 100 M"):
        many = weir.write("many.yaml", "a: {source: range, to: 100000000}",
                          "b: {from: a, function: spin, for: 1us}", "c: {from: b, sink: count}")
        table.add("memory: 100 M items into 1 µs, to the end", weir.peak(3600, "run", many), "MiB",
                  bound)
    if table.wanted("memory: text"):
        write_lines(weir.work / "lines.txt", TEXT)
        fast = weir.write("fast.yaml", "a: {source: lines, path: lines.txt}",
                          "b: {from: a, run: [/bin/true, '${{ item }}'], limit: 2}")
        table.add("memory: text into run, limit 2", weir.peak(seconds, "run", fast), "MiB", bound)
        kept = weir.write(
            "kept.yaml", "a: {source: lines, path: lines.txt, max_in_flight: {items: 100000000, "
            "bytes: 100GB}}", "b: {from: a, function: contains, text: needle}",
            "q: {from: b, queue: fifo}", "c: {from: q, run: [sleep, '3600'], limit: 1}")
        table.add("memory: text, 1 line in 18 of 500 MB held", weir.peak(seconds, "run", kept),
                  "MiB", 150)
    if table.wanted("memory: stalled"):
        stalled = weir.write("stalled.yaml", "a: {source: range, to: 100000000}",
                             "b: {from: a, sink: print}")
        reader, writer = os.pipe()
        table.add(f"memory: stalled sink, {seconds:g} s", weir.peak(seconds, "run", stalled,
                                                                    stdout=writer), "MiB", bound)
        os.close(reader)
        os.close(writer)


def events(weir, table):
    """What comes from outside of the workers."""
    if table.wanted("events"):
        count = 300
        timers = weir.write("timers.yaml", f"a: {{source: range, to: {count}}}",
                            "b: {from: a, function: sleep, for: 10ms, limit: 1}",
                            "c: {from: b, sink: lines, path: timers.txt}")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        weir.run("run", "--no-run-dir", timers)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        table.add("events: CPU for each timer", used / count * 1e3, "ms", 0.2)
        one = weir.write("one.yaml", "a: {source: range, to: 1}",
                         "b: {from: a, function: sleep, for: 0s}")
        many = weir.write("naps.yaml", "a: {source: range, to: 1000001}",
                          "b: {from: a, function: sleep, for: 0s}")
        took = weir.seconds(3, "run", "--no-run-dir", many) - weir.seconds(3, "run",
                                                                           "--no-run-dir", one)
        table.add("events: sleep 0s, thousands a second", 1e3 / took, "", 150, more=True)
    if table.wanted("line"):
        echo = weir.write("echo.yaml", "a: {source: lines, path: \"-\"}", "b: {from: a, sink: print}")
        child = subprocess.Popen([weir.program, "run", "-q", "--no-run-dir", echo], cwd=weir.work,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        times = []
        for i in range(100):
            time.sleep(0.01)
            begin = time.perf_counter()
            child.stdin.write(b"line %d\n" % i)
            if child.stdout.readline() != b"line %d\n" % i:
                sys.exit("what came back is not the line")
            times.append(time.perf_counter() - begin)
        child.stdin.close()
        child.wait()
        table.add("line: from standard input until it is printed", statistics.median(times) * 1e3,
                  "ms", 5)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    table = Table(options.only)
    work = pathlib.Path(tempfile.mkdtemp(prefix="weir-promises.", dir=in_memory(TEXT)))
    weir = Weir(options.build.resolve() / "weir", work)
    try:
        starting(weir, table)
        batches(weir, table, len(os.sched_getaffinity(0)))
        events(weir, table)
        memory(weir, table, options.seconds)
    finally:
        shutil.rmtree(work)
    print(f"\n{os.cpu_count()} cores\n")
    table.show()


if __name__ == "__main__":
    main()
