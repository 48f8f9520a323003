#!/usr/bin/env python3
"""What those who look at a run cost. ui.py WEIR [STREAMS [IDLE [PAIRS]]]

Opens event streams and idle connections to a run's live page, and says how long /metrics takes with
them, and how much longer runs take: medians of runs with and without, one after the other."""

import http.client
import json
import os
import pathlib
import re
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

WEIR = str(pathlib.Path(sys.argv[1]).resolve())
STREAMS, IDLE, PAIRS = (int(argument) for argument in (sys.argv[2:] + ["500", "500", "5"])[:3]) \
    if len(sys.argv) > 4 else (500, 500, 5)
TOKEN = "a-token-for-measuring"

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

    def __init__(self, port):
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.bytes = 0
        self.is_over = False
        self.idle = [self.connect() for _ in range(IDLE)]
        for _ in range(STREAMS):
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
                self.bytes += len(got)
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


def run(folder, text, arguments, look=None):
    """Gives the run's seconds, and what `look` gave."""
    (folder / "run.yaml").write_text("weir: 1\nname: ui\nnodes:" + text)
    process = subprocess.Popen(
        [WEIR, "run", "run.yaml", "--quiet", "--no-run-dir", "--summary-file", "summary.json",
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


def main():
    import resource
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        ui = ["--ui", "--ui-token", TOKEN]
        held = "\n  items: {source: list, items: [a]}\n  work: {from: items, run: [sleep, '8']}\n"

        def look_at_metrics(port):
            lookers = Lookers(port)
            times = metrics_times(port, 5)
            lookers.close()
            return times

        _, times = run(folder, held, ui, look_at_metrics)
        times.sort()
        print(f"/metrics with {STREAMS} streams and {IDLE} idle connections: "
              f"median {statistics.median(times):.2f} ms, "
              f"p99 {times[int(len(times) * 0.99)]:.2f} ms, {len(times)} requests", flush=True)
        for what, text in RUNS.items():
            without, within = [], []
            for _ in range(PAIRS):
                without.append(run(folder, text, [])[0])
                made = []
                within.append(run(folder, text, ui, lambda port: made.append(Lookers(port)))[0])
                made[0].close()
            a, b = statistics.median(without), statistics.median(within)
            print(f"{what}: {a:.2f} s alone, {b:.2f} s looked at: {100 * (b / a - 1):+.1f} % "
                  f"(of {PAIRS} each)", flush=True)


if __name__ == "__main__":
    main()
