"""Whether the waiting and the working of each item in a run's record add up to its time: from run.db,
without weir's own code, and against what weir says."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict

NOTHING = 2_000  # ns: what rounding to microseconds may make of a sum


def cause_of(held_by, held_for):
    return f"{'limit' if held_for in (None, '', 'slots') else held_for} {held_by}"


def parts_of(attempts, ended):
    """(cause, ns) of an item from its arrival on, each beginning where the one before has ended."""
    before = None
    for queued, admitted, started, done, held_by, held_for in attempts:
        admitted = started if admitted is None else admitted
        if before is not None:
            yield "back-off", queued - before
        if held_by:
            yield cause_of(held_by, held_for), admitted - queued
        else:
            admitted = queued
        yield "worker", started - admitted
        before = ended if done is None else done
        yield "run", before - started


def problems_of(binary, run):
    """Texts; none if all is well. `run` is a run's directory."""
    database = sqlite3.connect(os.path.join(run, "run.db"))
    started_ns = json.loads(dict(database.execute("SELECT key, value FROM meta"))["run"])["started_ns"]
    asked = subprocess.run([binary, "report", run, "--json"], capture_output=True, text=True, check=True)
    report = json.loads(asked.stdout)
    last = started_ns + round(report["run"]["seconds"] * 1e9)
    attempts = defaultdict(list)
    for node, key, *times in database.execute(
            "SELECT node, key, queued_ns, admitted_ns, started_ns, ended_ns, held_by, held_for FROM attempts "
            "WHERE queued_ns >= ? ORDER BY attempt", (started_ns,)):
        attempts[node, key].append(times)
    problems = []
    sums = defaultdict(lambda: defaultdict(int))
    items = 0
    for node, key, arrived, ended, state in database.execute(
            "SELECT node, key, arrived_ns, ended_ns, state FROM items"):
        if (node, key) not in attempts:
            continue
        items += 1
        is_open = ended is None or state in ("running", "backing_off")
        end = last if is_open else ended
        wall = end - arrived
        parts = list(parts_of(attempts[node, key], last))
        total = sum(ns for _, ns in parts)
        if state in ("backing_off", "cancelled") and total < wall:
            parts.append(("back-off", wall - total))
            total = wall
        if abs(total - wall) > max(wall / 100, NOTHING):
            problems.append(f"item {key} of {node} took {wall} ns, but its parts {total} ns")
        if any(ns < -NOTHING for _, ns in parts):
            problems.append(f"item {key} of {node} has a part of negative length: {parts}")
        for cause, ns in parts:
            sums[node][cause] += ns
    for node, causes in report["where"]["nodes"].items():
        # What an item was on its way to its node is no part of its time there.
        said = {cause: s for cause, s in causes.items() if cause not in ("handed on", "ordered", "queue")}
        for cause in set(said) | {c for c, ns in sums[node].items() if ns > NOTHING}:
            ours, weirs = sums[node][cause] / 1e9, said.get(cause, 0)
            if abs(ours - weirs) > max(0.01 * ours, items * 1e-6 + 1e-5):
                problems.append(f"{node}: {cause}: {ours:.6f} s by run.db, {weirs:.6f} s by weir")
    whole = sum(sum(causes.values()) for causes in report["where"]["nodes"].values())
    if abs(whole - report["where"]["wall_seconds_of_items"]) > 1e-3 + whole / 100:
        problems.append(f"all causes are {whole:.6f} s, all items {report['where']['wall_seconds_of_items']:.6f} s")
    checked = subprocess.run([binary, "trace", run, "--check"], capture_output=True, text=True, check=False)
    if checked.returncode != 0:
        problems.append(checked.stderr.strip())
    return problems


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: accounts.py BINARY RUN-DIRECTORY…")
    bad = 0
    for run in sys.argv[2:]:
        problems = problems_of(sys.argv[1], run)
        bad += len(problems)
        print(f"{run}: {'all adds up' if not problems else ''}")
        for text in problems[:20]:
            print(f"  {text}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
