#!/usr/bin/env python3
"""What a browser makes of a report: report_test.py WEIR_REPORT_PAGE WEIR_BINARY"""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import samples
from browser import Browser

PROGRAM = sys.argv[1]
WEIR = pathlib.Path(sys.argv[2]).resolve()

# One of each way in which an attempt can stand.
EVERY_KIND = """
weir: 1
nodes:
  items: {source: list, items: [good, bad, held]}
  work:
    from: items
    env: {ITEM: "${{ item }}"}
    shell: case $ITEM in bad) exit 1 ;; held) exec sleep 1000 ;; esac
"""


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="weir_page_"))
        cls.browser = cls.enterClassContext(Browser())

    def opened(self, sample, width=1280, dark=False):
        page = self.browser.page()
        page.size(width, 800, dark)
        self.file = pathlib.Path(self.folder) / f"{self.id()}.html"
        self.file.write_text(samples.one_file(PROGRAM, sample), encoding="utf-8")
        page.seconds = page.open(self.file.as_uri())
        return page

    def assert_quiet(self, page):
        """Nothing was said on the console, and nothing asked for but the file."""
        self.assertEqual(page.errors, [])
        self.assertEqual([url for url in page.requests if not url.startswith("data:")], [self.file.as_uri()])

    def cells(self, page, table):
        return page.value(f"[...document.querySelectorAll('#{table} tbody tr')]"
                          ".map(row => [...row.cells].map(cell => cell.innerText.trim()))")

    def test_what_it_shows_is_what_it_is_given(self):
        sample = samples.report(spans=300)
        page = self.opened(sample)
        rows = self.cells(page, "nodes")
        self.assertEqual([row[0].split(" ")[0] for row in rows], [node["name"] for node in sample["nodes"]])
        self.assertEqual([[int(row[column]) for column in (5, 6)] for row in rows],
                         [[node["done"], node["failed"]] for node in sample["nodes"]])
        self.assertEqual(page.value("document.querySelectorAll('#graph .node').length"), len(sample["graph"]["nodes"]))
        self.assertEqual(page.value("document.querySelectorAll('#graph .edge').length"), len(sample["graph"]["edges"]))
        self.assertEqual(page.value("document.querySelectorAll('#failures details').length"), len(sample["failures"]))
        self.assertEqual(len(self.cells(page, "slowest")), len(sample["slowest"]))
        self.assertEqual(len(self.cells(page, "where")), len(sample["where"]["nodes"]))
        self.assertEqual(page.text("#state"), "ended, with failures")
        self.assertEqual(page.text("[data-total='exit status']"), "1")
        self.assert_quiet(page)

    def test_a_log_tail_opens(self):
        page = self.opened(samples.report(spans=30))
        self.assertEqual(page.value("[...document.querySelectorAll('#failures details')].map(one => one.open)"),
                         [True, False, False])
        self.assertEqual(page.text("#failures details:last-child .telling"), "Error: connection reset by peer")
        self.assertNotIn("Getting image source", page.text("#failures"))
        page.value("document.querySelector('#failures details:last-child summary').click()")
        page.until("document.querySelector('#failures').innerText.includes('Getting image source')")

    def test_a_long_error_keeps_its_end(self):
        sample = samples.report(spans=30)
        sample["failures"][0]["error"] = f"`{'make all; ' * 50}` exited with status 1"
        page = self.opened(sample)
        told = page.text("#failures details:first-child dd.bad")
        self.assertTrue(told.startswith("`make all; "), told)
        self.assertTrue(told.endswith("` exited with status 1"), told)
        self.assertLess(len(told), 310)

    def test_the_head_says_what_failed_and_that_a_run_died(self):
        sample = samples.report(spans=30)
        sample["run"]["state"] = "crashed"
        page = self.opened(sample)
        self.assertEqual(page.text("#failed-text"), "3 items failed: 2 at build, 1 at push")
        self.assertEqual(page.text("#state"), "died before its end")

    def test_a_large_graph_can_be_seen_whole(self):
        page = self.opened(samples.wide())
        fits = "(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth + 1)(document.getElementById('graph'))"
        self.assertFalse(page.value(fits))
        page.value("document.getElementById('graph-fit').click()")
        self.assertTrue(page.value(fits))
        self.assert_quiet(page)

    def test_the_bottleneck_is_said_and_marked(self):
        page = self.opened(samples.images())
        self.assertEqual(page.text("#bottleneck"),
                         "push holds it back: 3 of 3 running, 39 waiting, bound by its limit (3 slots)")
        self.assertEqual(page.value("document.querySelector('#graph .bottleneck .name').textContent"), "push")
        self.assertEqual(page.value("document.querySelector('#nodes .bottleneck').dataset.node"), "push")

    def test_a_run_that_is_over_tells_the_most_that_ran_and_waited(self):
        sample = samples.report(spans=30)
        build = next(node for node in sample["nodes"] if node["name"] == "build")
        build.update(peak_running=57, peak_waiting=99)
        page = self.opened(sample)
        heads = page.value("[...document.querySelectorAll('#nodes thead th')].map(head => head.textContent)")
        self.assertEqual(heads[2:4], ["Most running", "Most waiting"])
        told = page.value("[...document.querySelector('#nodes tr[data-node=push]').cells].map(one => one.textContent)")
        pushed = samples.report(spans=30)["series"]["nodes"]["push"]
        self.assertEqual(told[2:4], [f"{max(pushed['running'])} / 3", str(max(pushed["waiting"]))])
        # What samples missed is told where it is known.
        told = page.value("[...document.querySelector('#nodes tr[data-node=build]').cells].map(one => one.textContent)")
        self.assertEqual(told[2:4], ["57", "99"])
        self.assertIn("at most 99 waiting, 57 running", page.text("#charts"))
        self.assertFalse(page.value("document.querySelector('#nodes').innerText.includes('Waits for')"))
        self.assertNotIn("still to go", page.text("header"))

    def test_nodes_that_share_a_limit_are_said_and_marked_together(self):
        sample = samples.images()
        sample["bottleneck"] = samples.bottleneck(["build", "push"], "bound by limit disk (3 slots)")
        page = self.opened(sample)
        self.assertEqual(page.text("#bottleneck"), "build and push hold it back: bound by limit disk (3 slots)")
        self.assertEqual(page.value("document.querySelectorAll('#graph .node.bottleneck').length"), 2)
        self.assertEqual(page.value("document.querySelectorAll('#nodes .bottleneck').length"), 2)

    def test_hostile_names_are_text(self):
        page = self.opened(samples.hostile())
        self.assertEqual(page.value("typeof window.hacked"), "undefined")
        self.assertIsNone(page.value("document.querySelector('main script, main img, header script, header img')"))
        text = page.text("#nodes")
        self.assertIn("<script>window.hacked = 1</script>", text)
        self.assertIn("\\x1b[31mred\\x07 and\\tmore\\r", text)
        self.assertIn("\\u202egnp.exe", text)
        self.assertLess(len(text), 5000)
        # Not of the whole document: its scripts are text as well.
        all_text = page.value("[...document.querySelectorAll('header, main')].map(e => e.textContent).join()")
        self.assertNotRegex(all_text, "[\u202a-\u202e\u2066-\u2069\x1b]")
        self.assert_quiet(page)

    def test_it_fits_a_phone(self):
        for sample in (samples.report(spans=30), samples.hostile(), samples.wide()):
            page = self.opened(sample, width=400)
            self.assertLessEqual(page.value("document.documentElement.scrollWidth"), 400)

    def test_it_is_dark_where_that_is_wanted(self):
        ground = "getComputedStyle(document.body).backgroundColor"
        light, dark = (self.opened(samples.images(), dark=wanted).value(ground) for wanted in (False, True))
        self.assertNotEqual(light, dark)

    def test_the_timeline_answers_to_keys_and_pointer(self):
        page = self.opened(samples.report())
        drawing = page.value("""(() => {
            const began = performance.now();
            for (let time = 0; time < 20; ++time) drawTimeline();
            return (performance.now() - began) / 20;
        })()""")
        print(f"20,000 spans: {page.seconds:.2f} s to open, {drawing:.1f} ms to draw")
        whole = page.value("timeline.view.end - timeline.view.begin")
        page.value("document.getElementById('timeline').focus()")
        for key in ("+", "+", "]"):
            page.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        self.assertLess(page.value("timeline.view.end - timeline.view.begin"), whole)
        self.assertIn("build", page.text("#timeline-selected"))
        page.call("Input.dispatchKeyEvent", type="keyDown", key="0", text="0")
        self.assertEqual(page.value("timeline.view.end - timeline.view.begin"), whole)
        at = page.value("""(() => {
            const canvas = byId('timeline-canvas');
            canvas.scrollIntoView();
            const {left, top} = canvas.getBoundingClientRect();
            const lane = timeline.lanes[0], [start, taken] = lane.spans[0];
            return {x: left + xOf(start + taken / 2), y: top + lane.y + 4};
        })()""")
        page.call("Input.dispatchMouseEvent", type="mouseMoved", **at)
        page.until("byId('timeline-tip').innerText.includes('image-')")
        self.assert_quiet(page)

    def test_the_timeline_tells_how_the_attempts_of_a_real_run_ended(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="weir_report_")))
        (folder / "run.yaml").write_text(EVERY_KIND, encoding="utf-8")
        weir = subprocess.Popen([WEIR, "run", "run.yaml"], cwd=folder, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (weir.kill(), weir.wait(), weir.stderr.close()))

        def shown(*wanted):
            """The texts of the attempts when these kinds are there, and those of the legend."""
            deadline = time.monotonic() + 60
            while True:
                made = subprocess.run([WEIR, "report", "--json"], cwd=folder, capture_output=True, check=False)
                report = json.loads(made.stdout) if made.returncode == 0 else {}
                kinds = [span[3] for lane in report.get("timeline", {}).get("lanes", []) for span in lane["spans"]]
                if sorted(kinds) == sorted(wanted):
                    break
                self.assertLess(time.monotonic(), deadline, kinds)
            page = self.opened(report)
            self.assertEqual(page.value("KINDS_IN_ORDER"), samples.KINDS)
            self.assert_quiet(page)
            texts = page.value("timeline.lanes.flatMap((lane) => lane.spans.map((span) => spanText({lane, span})))")
            return sorted(texts), page.text("#timeline-legend").split("\n")

        texts, legend = shown("done", "failed", "running")
        self.assertEqual(legend, ["done", "not ended", "failed"])
        for text, wanted in zip(texts, ("bad\nwork, row .\nfailed after ", "good\nwork, row .\ndone after ",
                                        "held\nwork, row .\nnot ended after ")):
            self.assertRegex(text, f"^{wanted}")
        weir.send_signal(signal.SIGINT)
        for line in weir.stderr:
            if "once more" in line:
                break
        weir.send_signal(signal.SIGINT)
        weir.wait()
        texts, legend = shown("done", "failed", "cancelled")
        self.assertEqual(legend, ["done", "cancelled", "failed"])
        self.assertRegex(texts[2], "^held\nwork, row .\ncancelled after ")

    def test_the_timeline_goes_to_the_end_of_the_run(self):
        sample = samples.report(spans=30)
        sample["run"].update(state="crashed", seconds=400.0)
        page = self.opened(sample)
        self.assertEqual(page.value("timeline.end"), 400000)

    def test_a_failure_too_short_for_a_pixel_is_seen(self):
        sample = samples.report(spans=30)
        # Six attempts a pixel, and few that failed: one alone, one of several.
        row = [[at / 10, 0.1, -1, "done", 7, 7] for at in range(0, 60000, 1)]
        row[20000][2:] = [0, "failed"]
        row[40000][2:] = [-1, "failed", 7, 1]
        sample["timeline"] = {"lanes": [{"node": "build", "slot": 0, "spans": row}], "items": ["broken"]}
        page = self.opened(sample)
        columns = page.value("""(() => {
            const canvas = byId('timeline-canvas'), lane = timeline.lanes[0];
            const scale = canvas.width / timelineWidth();
            const {data} = canvas.getContext('2d').getImageData(0, (lane.y + 4) * scale, canvas.width, 1);
            const red = [];
            for (let x = Math.ceil(timeline.labels * scale); x < canvas.width; ++x) {
                if (data[4 * x] > data[4 * x + 2] + 60) red.push(x);
            }
            return red;
        })()""")
        self.assertEqual(len(columns), 2, columns)
        self.assertEqual(page.value("spanText(spanAt(xOf(2000.05), timeline.lanes[0].y + 4))").split("\n")[0], "broken")
        self.assertEqual(page.value("spanText(spanAt(xOf(4000.05), timeline.lanes[0].y + 4))").split("\n")[0],
                         "7 attempts, 1 failed")

    def test_what_is_missing_is_not_missed(self):
        page = self.opened({"mode": "report", "run": {"pipeline": "empty", "state": "done"}})
        self.assertEqual(page.text("#pipeline"), "empty")
        self.assert_quiet(page)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
