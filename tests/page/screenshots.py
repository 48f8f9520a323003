#!/usr/bin/env python3
"""Pictures of the page, to be looked at: screenshots.py WEIR_REPORT_PAGE OUTPUT_FOLDER"""

import pathlib
import sys

import samples
from browser import Browser

SIZES = {"wide": (1280, 800, False), "dark": (1280, 800, True), "narrow": (400, 800, False)}


def main():
    program, output = sys.argv[1], pathlib.Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    made = {"live": samples.images(), "forty": samples.wide(), "report": samples.report(), "hostile": samples.hostile()}
    with Browser() as browser:
        page = browser.page()
        for name, sample in made.items():
            file = output / f"{name}.html"
            file.write_text(samples.one_file(program, sample), encoding="utf-8")
            for size, given in SIZES.items():
                page.size(*given)
                seconds = page.open(file.as_uri())
                page.screenshot(output / f"{name}-{size}.png", whole=True)
                print(f"{name}-{size}: {seconds:.2f} s", *page.errors, sep="\n  ")
                page.errors.clear()


if __name__ == "__main__":
    main()
