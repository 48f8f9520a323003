"""Runs, as a page is given them: made up, so that all is in them that can be in one."""

import json
import random
import subprocess

HOSTILE = ["<script>window.hacked = 1</script>", "\"quoted\" & 'more' <img src=x onerror='window.hacked=1'>",
           "x" * 10240, "\x1b[31mred\x07 and\tmore\r", "\u202egnp.exe \u2066 \u05e9\u05dc\u05d5\u05dd",
           "]]></script><!--", "javascript:window.hacked=1", "\U0001f40b" * 400]

# Of an attempt in the timeline; report_test.py compares them with those of real runs.
KINDS = ["done", "running", "cancelled", "failed"]


def node(name, kind, kind_of, **more):
    return {"name": name, "kind": kind, "type": kind_of, "work": "waits", "in": 0, "done": 0, "failed": 0,
            "cancelled": 0, "running": 0, "waiting": 0, "queued": 0, "backing_off": 0, **more}


def layout(nodes, edges, columns):
    """A plain one: the nodes of each column below each other."""
    place = {}
    for x, column in enumerate(columns):
        for y, name in enumerate(column):
            place[name] = (x * 260, y * 120 + (max(map(len, columns)) - len(column)) * 60)
    drawn = []
    for start, port, end in edges:
        (x, y), (to_x, to_y) = place[start], place[end]
        x, y, to_y = x + 200, y + 44, to_y + 44
        bend = (x + to_x) / 2
        drawn.append({"from": start, "port": port, "to": end,
                      "path": f"M{x},{y} C{bend},{y} {bend},{to_y} {to_x},{to_y}",
                      "label": {"text": port, "x": bend, "y": (y + to_y) / 2} if port != "out" else None})
    return {"width": len(columns) * 260 - 60, "height": max(map(len, columns)) * 120 - 32, "edges": drawn,
            "nodes": [{"name": each["name"], "x": place[each["name"]][0], "y": place[each["name"]][1], "width": 200,
                       "height": 88, "lines": [each["name"]]} for each in nodes]}


def series(nodes, seconds, seed=1):
    chance, result = random.Random(seed), {}
    for each in nodes:
        steps = 60
        waiting, done = [], 0
        for step in range(steps):
            waiting.append(max(0, round((each["waiting"] + each["queued"] + 5) * step / steps + chance.randint(-3, 3))))
        result[each["name"]] = {"waiting": waiting, "running": [each["running"]] * steps,
                                "done": [round(each["done"] * step / (steps - 1)) for step in range(steps)]}
    return {"step": seconds / 60, "t0": 0, "nodes": result}


def bottleneck(nodes, text):
    """As framework/view/bottleneck.cpp tells it of a run that goes on."""
    names = " and ".join(nodes)
    return {"node": nodes[0], "nodes": nodes, "names": names,
            "text": f"{names} {'hold' if nodes[1:] else 'holds'} it back: {text}"}


def images(mode="live"):
    nodes = [
        node("images", "source", "lines", **{"in": 100, "done": 100}),
        node("build", "function", "run", **{"in": 100, "done": 55, "failed": 2, "running": 43}),
        node("built", "queue", "fifo", **{"in": 55, "done": 15, "waiting": 40}),
        node("push", "function", "run", limit=3,
             **{"in": 55, "done": 11, "failed": 1, "running": 3, "queued": 39, "backing_off": 1},
             rate=0.27, held_by="its limit, 3"),
        node("failed", "sink", "jsonl", **{"in": 3, "done": 3}),
    ]
    edges = [("images", "out", "build"), ("build", "out", "built"), ("built", "out", "push"),
             ("build", "failed", "failed"), ("push", "failed", "failed")]
    failures = [{"node": "build", "item": f"image-{n}", "error": "`buildah bud` exited with status 125", "status": 125,
                 "attempts": 1, "seconds": 3.2, "log": f"build/{n}.log",
                 "tail": [f"STEP {k}/3" for k in (1, 2, 3)]} for n in (7, 8)]
    failures.append({"node": "push", "item": "image-1", "error": "timed out after 30 s", "status": None, "attempts": 5,
                     "seconds": 31.5, "tail": ["Getting image source signatures", "Error: connection reset by peer"]})
    held_back = bottleneck(["push"], "3 of 3 running, 39 waiting, bound by its limit (3 slots)")
    return {
        "mode": mode, "run": {"id": "20261125-065821-images", "pipeline": "images", "state": "running",
                              "started": "2026-11-25T06:58:21Z", "seconds": 74.3, "threads": 2, "left": 163.0},
        "graph": layout(nodes, edges, [["images"], ["build"], ["built"], ["push"], ["failed"]]), "nodes": nodes,
        "bottleneck": held_back,
        "why": [held_back["text"], "push: 1 item waits 2.0s for its next attempt"],
        "sources": [{"node": "images", "ended": True, "held_back": False}],
        "limits": [{"name": "push", "slots": 3, "states": [{"taken": 3, "running": 3, "waiting": 39, "holders": [
            {"node": "push", "item": f"image-{n}", "seconds": 9.5 - n} for n in (2, 3, 4)]}]}],
        "running": [{"node": "push", "item": f"image-{n}", "number": n, "seconds": 9.5 - n, "attempt": 1,
                     "last_line": f"Copying blob sha256:{n:064x}"} for n in (2, 3, 4)] +
                   [{"node": "build", "item": f"image-{n}", "number": n, "seconds": n / 9, "attempt": 1,
                     "last_line": "STEP 2/3: RUN make"} for n in range(57, 74)],
        "failures": failures, "series": series(nodes, 74.3)}


def wide(stages=8, branches=5):
    """A graph of 40 nodes."""
    columns = [[f"{'stage' if s else 'source'}_{s}_{b}" for b in range(branches)] for s in range(stages)]
    nodes, edges = [], []
    for s, column in enumerate(columns):
        kind = "source" if s == 0 else "sink" if s == stages - 1 else "queue" if s % 3 == 0 else "function"
        for b, name in enumerate(column):
            nodes.append(node(name, kind, {"source": "lines", "sink": "jsonl", "queue": "fifo"}.get(kind, "run"),
                              **{"in": 1000 - s * 90, "done": 900 - s * 90, "running": 4 if kind == "function" else 0,
                                 "waiting": 96 if s == 5 else 3}, limit=4 if kind == "function" else None))
            if s:
                edges.append((columns[s - 1][b], "out", name))
                if b and s % 2:
                    edges.append((columns[s - 1][b - 1], "out", name))
    sample = images()
    sample["run"]["pipeline"] = "forty"
    held_back = bottleneck(["stage_5_2"], "4 of 4 running, 96 waiting, bound by its limit")
    sample.update(nodes=nodes, graph=layout(nodes, edges, columns), series=series(nodes, 74.3), limits=[], running=[],
                  failures=[], why=[], bottleneck=held_back)
    return sample


def report(spans=20000, seed=7):
    chance = random.Random(seed)
    sample = images("report")
    sample["run"].update(state="failed", seconds=181.0, exit_code=1)
    names = [f"image-{n}" for n in range(spans)]
    lanes, item = [], 0
    for name, slots in (("build", 30), ("push", 3)):
        for slot in range(slots):
            at, row = 0, []
            share = spans * (0.7 if name == "build" else 0.3) / slots
            for _ in range(int(share)):
                taken = round(181000 / share * chance.uniform(0.2, 0.95), 1)
                kind = chance.choices(KINDS, [93, 2, 2, 3])[0]
                # Now and then several that are drawn as one.
                several = [-1, kind, 12, 12 if kind == "done" else 5]
                row.append([round(at, 1), taken, *(several if chance.random() < 0.05 else (item, kind))])
                at += 181000 / share
                item = (item + 1) % spans
            lanes.append({"node": name, "slot": slot, "spans": row})
    sample["timeline"] = {"lanes": lanes, "items": names}
    sample["where"] = {"wall_seconds_of_items": 2690.0, "nodes": {
        "build": {"run": 420.0, "worker": 4.0, "handed on": 2.0},
        "push": {"run": 510.0, "limit push": 1650.0, "back-off": 82.0, "handed on": 3.0},
        "failed": {"run": 0.2, "handed on": 18.8}}}
    sample["slowest"] = [{"node": "push", "item": f"image-{n}", "seconds": 120.0 - n * 3,
                          "parts": {"run": 9.0 + n, "limit push": 111.0 - 5 * n, "back-off": 1.0 * n}}
                         for n in range(15)]
    for each in sample["nodes"]:
        each.update(running=0, waiting=0, queued=0, backing_off=0, done=each["in"] - each["failed"])
    return sample


def hostile():
    """Every text that a run could have given is as bad as can be."""
    sample = report(spans=60)
    names = {each["name"]: HOSTILE[index] for index, each in enumerate(sample["nodes"])}
    renamed = json.loads(json.dumps(sample))
    for each in renamed["nodes"] + renamed["graph"]["nodes"]:
        each["name"] = names[each["name"]]
    for each in renamed["graph"]["edges"]:
        each.update({"from": names[each["from"]], "to": names[each["to"]], "port": HOSTILE[0],
                     "label": {"text": HOSTILE[0], "x": 1, "y": 1}})
    renamed["series"]["nodes"] = {names[name]: value for name, value in sample["series"]["nodes"].items()}
    renamed["where"]["nodes"] = {names[name]: {HOSTILE[0]: 3.0, HOSTILE[4]: 2.0, "run": 1.0}
                                 for name in sample["where"]["nodes"]}
    renamed["timeline"]["items"] = [HOSTILE[index % len(HOSTILE)] for index in range(60)]
    renamed["failures"] = [{"node": text, "item": text, "error": text, "log": text, "status": text,
                            "attempts": 1, "seconds": 1, "tail": [text, text]} for text in HOSTILE]
    renamed["slowest"] = [{"node": text, "item": text, "seconds": 3.0, "parts": {text: 1.0, "run": 2.0}}
                          for text in HOSTILE]
    renamed["run"].update(pipeline=HOSTILE[0], id=HOSTILE[3])
    renamed["why"] = HOSTILE[1:]
    renamed["bottleneck"] = bottleneck([names["push"]], HOSTILE[0])
    return renamed


def one_file(program, sample):
    """The page with all that belongs to it, as a report is. `program` is weir_report_page."""
    return subprocess.run([program], input=json.dumps(sample), capture_output=True, check=True, text=True,
                          encoding="utf-8").stdout
