#!/usr/bin/env python3
"""Pictures of the page, to be looked at: screenshots.py BUILD_FOLDER OUTPUT_FOLDER [RUN…]

Of each run of runs.py the live page in the middle of it and when it has ended, and its report; and of
the made-up ones of samples.py. In each name: how wide it is, and whether it is dark."""

import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import runs
import samples
from browser import Browser

SIZES = {"1280": (1280, 800, False), "2000": (2000, 1100, False), "1280-dark": (1280, 800, True),
         "2000-dark": (2000, 1100, True), "phone": (400, 800, False)}
DONE, FAILED = 5, 6  # columns
# The middle of a run: a node, and how many items it has done or failed by then.
MIDDLE = {"images": ("pushed", DONE, 9), "killed": ("pushed", DONE, 9), "forty": ("prepare", DONE, 60),
          "failures": ("test", FAILED, 1), "hostile": ("work", DONE, 3)}


class Camera:
    def __init__(self, page, output):
        self.page, self.output = page, output

    def take(self, name, sizes=SIZES):
        for size in sizes:
            self.page.size(*SIZES[size])
            self.page.until("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
            self.page.screenshot(self.output / f"{name}-{size}.png", whole=True)
            self.page.screenshot(self.output / f"{name}-{size}-first.png")
        print(name, *self.page.errors, sep="\n  ", flush=True)
        self.page.errors.clear()


def live(weir, folder, name, camera):
    process = subprocess.Popen([weir, "run", "run.yaml", "--ui"], cwd=folder / name, stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        if found := re.search(r"live page: (\S+)", line):
            break
    camera.page.size(*SIZES["1280"])
    camera.page.open(found.group(1))
    node, column, count = MIDDLE[name]
    camera.page.until(f"""Number(document.querySelector('#nodes tr[data-node="{node}"]')?.cells[{column}].textContent)
                          >= {count}""")
    # A run goes on meanwhile: not too many.
    camera.take(f"{name}-live", ["1280", "2000-dark"])
    if name == "killed":
        process.send_signal(signal.SIGKILL)
        camera.page.until("byId('notice').innerText.includes('No connection')")
    else:
        camera.page.until("byId('notice').innerText.includes('has ended')")
    process.communicate()
    camera.take(f"{name}-ended")


def report(weir, folder, name, camera):
    file = folder / name / "report.html"
    subprocess.run([weir, "report", "-o", file], cwd=folder / name, check=True)
    camera.page.open(file.as_uri())
    camera.take(f"{name}-report")


def main():
    build, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    output.mkdir(parents=True, exist_ok=True)
    with Browser() as browser, tempfile.TemporaryDirectory(prefix="weir_pictures_") as place:
        folder = pathlib.Path(place)
        names = runs.write_all(folder)
        for name in sys.argv[3:] or names:
            camera = Camera(browser.page(), output)
            live(build / "weir", folder, name, camera)
            report(build / "weir", folder, name, camera)
        if sys.argv[3:]:
            return
        for name, sample in {"made-up": samples.report(), "made-up-hostile": samples.hostile()}.items():
            file = folder / f"{name}.html"
            file.write_text(samples.one_file(build / "tests/page/weir_report_page", sample), encoding="utf-8")
            camera.page.open(file.as_uri())
            camera.take(name)


if __name__ == "__main__":
    main()
