#!/usr/bin/env python3
"""The rows of bench/ui.sh. Usage: ui.py BUILD_FOLDER [OPTION…]; see ui.sh."""

import argparse
import http.client
import json
import os
import pathlib
import re
import resource
import selectors
import socket
import statistics
import subprocess
import tempfile
import threading
import time

TOKEN = "a-token-for-measuring"
UI = ["--ui", "--ui-token", TOKEN]

RUNS = {
    "true": """
  items: {source: range, to: 5000}
  work: {from: items, run: [/bin/true], limit: 4}
""",
    "chain": """
  items: {source: range, to: 1000000000}
  one: {from: items, function: skip, count: 1}
  two: {from: one, function: skip, count: 1}
  end: {from: two, sink: count}
""",
}


class Lookers:
    """Streams are read to their end by one thread, so that they are no slow clients."""

    def __init__(self, port, streams, idle):
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.is_over = False
        self.idle = [self.connect() for _ in range(idle)]
        for _ in range(streams):
            stream = self.connect()
            stream.sendall(self.request("/events"))
            self.selector.register(stream, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port))

    def request(self, path):
        return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Authorization: Bearer {TOKEN}\r\n\r\n").encode()

    def read(self):
        while not self.is_over:
            for key, _ in self.selector.select(0.5):
                got = b""
                try:
                    got = key.fileobj.recv(1 << 20)
                except OSError:
                    pass
                if not got:
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()

    def close(self):
        self.is_over = True
        self.thread.join()
        for connection in self.idle:
            connection.close()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()


def run(weir, folder, text, arguments, look=None):
    """Gives the run's seconds, and what `look` gave."""
    (folder / "run.yaml").write_text("weir: 1\nname: ui\nnodes:" + text)
    process = subprocess.Popen(
        [weir, "run", "run.yaml", "--quiet", "--no-run-dir", "--summary-file", "summary.json",
         *arguments], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    seen = None
    if look:
        port = int(re.search(r":(\d+)/", process.stderr.readline()).group(1))
        seen = look(port)
    process.stderr.read()
    process.wait()
    return json.loads((folder / "summary.json").read_text())["seconds"], seen


def metrics_times(port, seconds):
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        connection.request("GET", "/metrics", headers={"Authorization": "Bearer " + TOKEN})
        connection.getresponse().read()
        times.append(1000 * (time.monotonic() - began))
        time.sleep(0.02)
    return times


def measure_metrics(weir, folder, wanted):
    held = "\n  items: {source: list, items: [a]}\n  work: {from: items, run: [sleep, '8']}\n"

    def look(port):
        lookers = Lookers(port, wanted.streams, wanted.idle)
        times = metrics_times(port, 5)
        lookers.close()
        return sorted(times)

    _, times = run(weir, folder, held, UI, look)
    print(f"/metrics with {wanted.streams} streams and {wanted.idle} idle connections: "
          f"median {statistics.median(times):.2f} ms, "
          f"p99 {times[int(len(times) * 0.99)]:.2f} ms, {len(times)} requests", flush=True)


def measure_run(weir, folder, what, wanted):
    alone, looked_at = [], []
    for _ in range(wanted.pairs):
        alone.append(run(weir, folder, RUNS[what], [])[0])
        seconds, lookers = run(weir, folder, RUNS[what], UI,
                               lambda port: Lookers(port, wanted.streams, wanted.idle))
        lookers.close()
        looked_at.append(seconds)
    a, b = statistics.median(alone), statistics.median(looked_at)
    print(f"{what}: {a:.2f} s alone, {b:.2f} s looked at: {100 * (b / a - 1):+.1f} % "
          f"(of {wanted.pairs} each)", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--idle", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=5)
    wanted = parser.parse_args()
    weir = str(wanted.build.resolve() / "weir")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        measure_metrics(weir, folder, wanted)
        for what in RUNS:
            measure_run(weir, folder, what, wanted)


if __name__ == "__main__":
    main()
