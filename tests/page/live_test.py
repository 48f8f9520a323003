#!/usr/bin/env python3
"""What a browser shows of a run while it goes on: live_test.py WEIR_BINARY"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from browser import Browser

WEIR = pathlib.Path(sys.argv[1]).resolve()

# Each item waits for a line in a pipe of its own, and fails if that line says so.
PIPELINE = """
weir: 1
name: live
nodes:
  items: {source: lines, path: items.txt}
  queued: {from: items, queue: fifo}
  work:
    from: queued
    limit: 2
    shell: 'echo "waits <b>here</b>" >&2; read -r answer < "$ITEM.pipe"; [ "$answer" = good ]'
    env: {ITEM: "${{ item }}"}
  failed: {from: work.failed, sink: jsonl, path: failed.jsonl}
"""
ITEMS = ["one", "two", "three", "<img src=x onerror=window.hacked=1>", "five"]


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="weir_live_")))
        (self.folder / "live.yaml").write_text(PIPELINE, encoding="utf-8")
        (self.folder / "items.txt").write_text("".join(f"{item}\n" for item in ITEMS), encoding="utf-8")
        self.pipes = {}
        for item in ITEMS:
            path = self.folder / f"{item}.pipe"
            os.mkfifo(path)
            # For both directions: so neither end waits for the other to open it.
            self.pipes[item] = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            self.addCleanup(os.close, self.pipes[item])
        self.weir = subprocess.Popen([WEIR, "run", "live.yaml", "--ui", "--summary-file", "summary.json"],
                                     cwd=self.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end)
        for line in self.weir.stderr:
            if found := re.search(r"live page: (\S+)", line):
                self.url = found.group(1)
                break
        self.page = self.browser.page()
        self.page.size(1280, 800)
        self.page.open(self.url)

    def end(self):
        self.weir.kill()
        self.weir.communicate()

    def answer(self, item, text):
        os.write(self.pipes[item], f"{text}\n".encode())

    def until_node(self, name, **numbers):
        """Until the row of a node has these numbers."""
        columns = {"running": 2, "waiting": 3, "done": 5, "failed": 6}
        wanted = [[columns[column], str(value)] for column, value in numbers.items()]
        self.page.until(f"""(() => {{
            const row = document.querySelector('#nodes tr[data-node="{name}"]');
            return row && {json.dumps(wanted)}.every(([at, text]) => row.cells[at].textContent.split(' ')[0] === text);
        }})()""")

    def assert_edges_meet_nodes(self):
        gaps = self.page.value("""(() => {
            const rects = (what) => [...document.querySelectorAll(what)].map(e => e.getBoundingClientRect());
            const nodes = rects('#graph .node > .shape');
            return rects('#graph .head').map(({right}) => Math.min(...nodes.map(({left}) => Math.abs(left - right))));
        })()""")
        self.assertTrue(gaps)
        self.assertLess(max(gaps), 4)

    def assert_quiet(self):
        self.assertEqual(self.page.errors, [])
        host = self.url.split("?")[0]
        self.assertEqual([url for url in self.page.requests if not url.startswith((host, "data:"))], [])

    def test_it_follows_a_run_to_its_end(self):
        page = self.page
        self.until_node("work", running=2, waiting=3, done=0, failed=0)
        self.assertEqual(page.text("#state"), "running")
        self.assert_edges_meet_nodes()
        self.assertRegex(page.text("#bottleneck"),
                         r"^work holds it back: 2 of 2 running, 3 waiting, bound by its limit")
        self.assertEqual(page.value("document.querySelectorAll('#graph .node.queue .rib').length"), 2)
        self.assertIn("one", page.text("#running"))
        page.until("document.querySelector('#running').innerText.includes('waits <b>here</b>')")
        page.value("window.before = document.querySelector('#nodes tr')")
        # Who has missed the events that had the failures gets them by a new stream.
        page.value("failuresTotal = -1")
        page.until("failuresTotal === 0")

        # What is read out is read out once in a while, but nothing of it is lost.
        page.until("document.getElementById('spoken').textContent.includes('3 waiting')")
        self.answer("one", "good")
        self.until_node("work", running=2, waiting=2, done=1, failed=0)
        page.until("""toSpeak.includes('2 waiting') &&
                      (speaking !== null || document.getElementById('spoken').textContent === toSpeak)""")
        self.answer("two", "bad")
        self.until_node("work", running=2, waiting=1, done=1, failed=1)
        page.until("document.querySelectorAll('#failures details').length === 1")
        page.value("document.querySelector('#failures summary').click()")
        page.until("document.querySelector('#failures').innerText.includes('waits <b>here</b>')")
        self.assertEqual(page.value("document.querySelector('#failures a').search"), "?node=work&item=2")
        # What was there stays the same element, open and in its place.
        self.answer(ITEMS[3], "bad")
        page.until("document.querySelectorAll('#failures details').length === 2")
        self.assertEqual(page.value("document.querySelectorAll('#failures details[open]').length"), 1)
        self.assertTrue(page.value("window.before.isConnected"))

        for item in ("three", "five"):
            self.answer(item, "good")
        page.until("document.getElementById('notice').innerText.includes('has ended')")
        self.assertEqual(self.weir.wait(), 1)
        summary = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
        for name, node in summary["nodes"].items():
            self.until_node(name, done=node["done"], failed=node["failed"])
        self.assertEqual(page.text("#state"), "ended, with failures")
        self.assertEqual(page.text("[data-total='exit status']"), "1")
        self.assertRegex(page.value("document.getElementById('spoken').textContent"),
                         r"^2 items failed: 2 at work\. .*work held it back")
        # It still says why it took so long, and what went wrong: the most is the summary's.
        work = summary["nodes"]["work"]
        self.assertRegex(page.text("#bottleneck"),
                         r"^work held it back for .* of .*: bound by its limit .*; at most "
                         f"{work['peak_running']} ran, and {work['peak_waiting']} waited$")
        self.assertEqual(page.value("document.querySelector('#nodes .bottleneck').dataset.node"), "work")
        self.assertEqual(page.text("#failed-text"), "2 items failed: 2 at work")
        self.assertEqual(page.value("typeof window.hacked"), "undefined")
        self.assert_quiet()
        self.check_report(summary)

    def check_report(self, summary):
        """The report of the same run says the same."""
        file = self.folder / "report.html"
        subprocess.run([WEIR, "report", "-o", file], cwd=self.folder, check=True)
        page = self.page = self.browser.page()
        page.open(file.as_uri())
        for name, node in summary["nodes"].items():
            self.until_node(name, done=node["done"], failed=node["failed"])
        self.assertEqual(page.text("#state"), "ended, with failures")
        self.assertEqual(page.value("document.querySelectorAll('#failures details').length"), 2)
        self.assertEqual(page.value("document.querySelectorAll('#graph .node').length"), len(summary["nodes"]))
        self.assertEqual(page.value("timeline.lanes.filter(lane => lane.node === 'work').length"), 2)
        self.assertIn("in work", page.text("#where"))
        self.assertEqual(page.value("typeof window.hacked"), "undefined")
        self.assertEqual(page.errors, [])
        self.assertEqual([url for url in page.requests if not url.startswith("data:")], [file.as_uri()])

    def status(self):
        """As the run says it to others, at this moment."""
        said = subprocess.run([WEIR, "status", "--json"], cwd=self.folder, check=True, capture_output=True, text=True)
        return {node["name"]: node for node in json.loads(said.stdout)["nodes"]}

    def test_it_shows_within_a_second_what_weir_status_says(self):
        self.until_node("work", running=2)
        behind = []
        for count, item in enumerate(ITEMS, start=1):
            self.answer(item, "bad" if count == 2 else "good")
            if count == len(ITEMS):
                break
            deadline = time.monotonic() + 60
            # Until nothing changes any more: the next one is in work, too.
            while ((work := self.status()["work"])["done"] + work["failed"] < count or
                   work["running"] < min(2, len(ITEMS) - count)):
                self.assertLess(time.monotonic(), deadline)
            since = time.monotonic()
            self.until_node("work", running=work["running"], waiting=work["waiting"] + work["queued"],
                            done=work["done"], failed=work["failed"])
            behind.append(time.monotonic() - since)
        print("behind weir status by", ", ".join(f"{seconds:.2f} s" for seconds in behind))
        # What the machine does besides may take any time once, but not every time.
        self.assertLess(min(behind), 1)

    def test_it_says_that_the_run_is_gone(self):
        self.until_node("work", running=2)
        self.assert_quiet()
        self.weir.send_signal(signal.SIGKILL)
        self.page.until("document.getElementById('notice').innerText.includes('No connection')")
        self.assertEqual(self.page.text("#state"), "does not answer")
        self.until_node("work", running=2)  # as it was last heard of


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
