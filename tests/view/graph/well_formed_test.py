#!/usr/bin/env python3
"""The pictures in tests/golden/graph are well-formed, and of themselves: no script, nothing outside.

Usage: well_formed_test.py FOLDER
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def problems_of(path):
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    if root.tag != SVG + "svg":
        yield f"its root is {root.tag}"
    width, height = (float(root.get(side)) for side in ("width", "height"))
    for element in root.iter():
        if element.tag in (SVG + "script", SVG + "image", SVG + "use", SVG + "a"):
            yield f"has {element.tag}"
        for name in element.keys():
            if name.startswith("on") or name.endswith("href") or name == "id":
                yield f"has the attribute {name}"
        if element.tag == SVG + "text":
            x, y = float(element.get("x")), float(element.get("y"))
            if not (0 <= x <= width and 0 <= y <= height):
                yield f"'{element.text}' is outside"


def main():
    folder = pathlib.Path(sys.argv[1])
    pictures = sorted(folder.glob("*.svg"))
    problems = [] if pictures else ["there are no pictures"]
    for path in pictures:
        problems += [f"{path.name}: {problem}" for problem in problems_of(path)]
    for path in folder.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    print("\n".join(problems) or f"{len(pictures)} pictures are well-formed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
