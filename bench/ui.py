"""The figures of bench/ui.sh. Usage: ui.py BUILD_FOLDER [OPTION…]; see ui.sh."""

import argparse
import http.client
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile
import time

import report_page
from shared import show

TOKEN = "a-token-for-measuring"
SETTLES = 1.0  # seconds, after clients have come or gone

# They don't end: what is measured is what they do in a stretch of time.
RUNS = {
    "true": """
  items: {source: range, to: 1000000000}
  work: {from: items, run: [/bin/true], limit: 4}
  end: {from: work, sink: count}
""",
    "chain": """
  items: {source: range, to: 1000000000000}
  one: {from: items, function: skip, count: 1}
  two: {from: one, function: skip, count: 1}
  end: {from: two, sink: count}
""",
    # What there is to tell of it is much more.
    "forty": "\n  items: {source: range, to: 1000000000000}\n  node_1: {from: items, function: skip, count: 1}\n" +
             "".join(f"  node_{n}: {{from: node_{n - 1}, function: skip, count: 1}}\n" for n in range(2, 39)) +
             "  end: {from: node_38, sink: count}\n",
}


def number_in(metrics, name):
    return float(re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.M).group(1))


class Run:
    """`weir run --ui` in a folder of its own."""

    def __init__(self, weir, folder, text):
        (folder / "run.yaml").write_text("weir: 1\nname: ui\nnodes:" + text)
        self.process = subprocess.Popen(
            [weir, "run", "run.yaml", "--quiet", "--no-run-dir", "--ui", "--ui-token", TOKEN],
            cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stderr.readline()).group(1))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def metrics(self):
        self.connection.request("GET", "/metrics", headers={"Authorization": "Bearer " + TOKEN})
        return self.connection.getresponse().read().decode()

    def figures(self):
        """At this moment: seconds since the run began, items that are done, CPU seconds of those
        threads that serve the page, and of the whole run with its commands."""
        text = self.metrics()
        return (number_in(text, "weir_run_seconds"), number_in(text, 'weir_items_done_total{node="end"}'),
                self.serving_seconds(), self.all_seconds())

    def all_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def serving_seconds(self):
        total = 0
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                name = (task / "comm").read_text().strip()
                # Nanoseconds; /proc/…/stat has ticks of 10 ms.
                if name.startswith("weir-web"):
                    total += int((task / "schedstat").read_text().split()[0]) / 1e9
            except FileNotFoundError:
                pass
        return total

    def end(self):
        self.process.kill()
        self.process.communicate()


class Clients:
    """bench/ui_clients.cpp, all of whose connections are open."""

    def __init__(self, program, port, streams, idle):
        self.process = subprocess.Popen([program, str(port), TOKEN, str(streams), str(idle)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "open\n":
            raise SystemExit("the clients could not connect")
        self.since = time.monotonic()

    def end(self):
        """What they say of themselves, with `seconds` that they were open."""
        seconds = time.monotonic() - self.since
        said, _ = self.process.communicate()
        return {**json.loads(said), "seconds": seconds}


def stretch(run, seconds):
    """Items a second, CPU milliseconds a second that serving the page took, CPU seconds of the run
    for each item."""
    began, done, serving, used = run.figures()
    time.sleep(seconds)
    ended, more, later, most = run.figures()
    return ((more - done) / (ended - began), 1000 * (later - serving) / (ended - began),
            (most - used) / (more - done))


def measure_metrics(run, clients, seconds):
    with clients() as said:
        times, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            run.metrics()
            times.append(1000 * (time.monotonic() - began))
            time.sleep(0.02)
    return sorted(times), said


class Looked:
    """Clients for the time of a `with`."""

    def __init__(self, make):
        self.make, self.said = make, {}

    def __enter__(self):
        self.clients = self.make()
        time.sleep(SETTLES)
        return self.said

    def __exit__(self, *_):
        self.said.update(self.clients.end())
        time.sleep(SETTLES)


def measure(weir, folder, name, program, wanted):
    """Rows for the table."""
    run = Run(weir, folder, RUNS[name])
    try:
        looked = lambda: Looked(lambda: Clients(program, run.port, wanted.streams, wanted.idle))
        alone, watched, said = [], [], []
        time.sleep(SETTLES)
        for pair in range(wanted.pairs):
            # Now the one first, now the other: what slowly changes meets both.
            for is_watched in ((False, True), (True, False))[pair % 2]:
                if is_watched:
                    with looked() as one:
                        watched.append(stretch(run, wanted.seconds))
                    said.append(one)
                else:
                    alone.append(stretch(run, wanted.seconds))
        times, _ = measure_metrics(run, looked, wanted.seconds)
    finally:
        run.end()
    median = lambda pairs, at: statistics.median(pair[at] for pair in pairs)
    slower = statistics.median(1 - b[0] / a[0] for a, b in zip(alone, watched))
    dearer = median(watched, 2) / median(alone, 2) - 1
    events = statistics.median(statistics.median(one["events"]) / one["seconds"] for one in said)
    least = min(min(one["events"]) / one["seconds"] for one in said)
    client = statistics.median(1000 * one["cpu_seconds"] / one["seconds"] for one in said)
    kilobytes = statistics.median(one["bytes"] / max(1, sum(one["events"])) / 1000 for one in said)
    return [
        (f"{name}: items a second alone, looked at", f"{median(alone, 0):.5g}, {median(watched, 0):.5g}", ""),
        (f"{name}: slower by", f"{100 * slower:.1f} %", "≤ 2 %"),
        (f"{name}: CPU of the run for an item, more by", f"{100 * dearer:.1f} %", ""),
        (f"{name}: CPU of the page's threads alone, looked at",
         f"{median(alone, 1):.2f}, {median(watched, 1):.2f} ms/s", "≤ 40 ms/s of 2 CPUs"),
        (f"{name}: CPU of the clients themselves", f"{client:.2f} ms/s", ""),
        (f"{name}: events a second of a stream, of the slowest one", f"{events:.2f}, {least:.2f}", "≤ 4"),
        (f"{name}: size of an event", f"{kilobytes:.1f} kB", ""),
        (f"{name}: /metrics then, median and p99",
         f"{statistics.median(times):.2f}, {times[int(len(times) * 0.99)]:.2f} ms", "< 50 ms"),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--idle", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", choices=[*RUNS, "report"], action="append")
    wanted = parser.parse_args()
    build = wanted.build.resolve()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    rows = [("figure", "measured", "wanted")]
    for what in wanted.only or [*RUNS, "report"]:
        with tempfile.TemporaryDirectory() as name:
            if what == "report":
                rows += report_page.measure(build / "weir", pathlib.Path(name))
            else:
                rows += measure(build / "weir", pathlib.Path(name), what, build / "bench/ui_clients", wanted)
    show(rows)
    print(f"looked at: by {wanted.streams} streams and {wanted.idle} idle connections; "
          f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")


if __name__ == "__main__":
    main()
