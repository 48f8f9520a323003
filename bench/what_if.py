"""How well `weir report --what-if` predicts: bench/what_if.sh runs it, and says how."""

import argparse
import concurrent.futures
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from accounts import problems_of
from shared import show

HEAD = "weir: 1\nname: {name}\n{limits}nodes:\n"


class Case:
    """A pipeline with `SLOTS` in it, and two numbers to put there; `limit` is what they are slots of."""

    def __init__(self, name, limit, one, other, nodes, limits="", uses_cpu=False):
        self.name, self.limit, self.slots, self.uses_cpu = name, limit, (one, other), uses_cpu
        self.text = HEAD.format(name=name, limits=limits) + "".join(f"  {n}\n" for n in nodes)


def naps(node, reads, low, step, count, more=""):
    """A function whose commands sleep: `count` different times, from `low` ms on."""
    return (f"{node}: {{from: {reads}, shell: 'sleep $(printf 0.%03d $(( {low} + N % {count} * {step} )))', "
            f"env: {{N: \"${{{{ item }}}}\"}}{more}}}")


HOSTS = "[" + ", ".join(f"{{host: {'abcdd'[i % 5]}, n: {i}, w: {1 + i % 3}}}" for i in range(40)) + "]"
FAILS_ONCE = ("shell: 'sleep 0.3; test $((N % 3)) != 0 && exit 0; test -e tried-$N || { touch tried-$N; exit 7; }', "
              "env: {N: \"${{ item }}\"}, retry: {attempts: 3, backoff: 1s}")
THROTTLED = ("shell: 'sleep 0.3; case $N in 10|25) test -e tried-$N || { touch tried-$N; echo 429; exit 7; };; "
             "esac', env: {N: \"${{ item }}\"}, retry: {attempts: 3, backoff: 500ms}, "
             "throttle: {match: 429, pause: 2s}")
SPINS = "shell: 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done'"

CASES = [
    Case("limit", "push", 3, 8, ["a: {source: range, to: 60}", naps("push", "a", 100, 70, 9, ", limit: SLOTS")]),
    Case("shared", "registry", 2, 6,
         ["a: {source: range, to: 40}", naps("push", "a", 200, 50, 6, ", limit: registry"),
          naps("sign", "push", 100, 30, 4, ", limit: registry")], "limits: {registry: SLOTS}\n"),
    Case("rate", "net", 2, 12, ["a: {source: range, to: 50}", naps("get", "a", 300, 60, 6, ", limit: net")],
         "limits: {net: {slots: SLOTS, rate: 10/s}}\n"),
    Case("per-key", "net", 1, 3,
         [f"a: {{source: list, items: {HOSTS}}}",
          "get: {from: a, shell: 'sleep 0.$(( 2 + N % 5 ))', env: {N: \"${{ item.n }}\"}, limit: net}"],
         "limits: {net: {slots: SLOTS, per: \"${{ item.host }}\"}}\n"),
    Case("weights", "cores", 4, 9,
         [f"a: {{source: list, items: {HOSTS}}}",
          "get: {from: a, shell: 'sleep 0.$(( 2 + N % 5 ))', env: {N: \"${{ item.n }}\"}, limit: cores, "
          "weight: \"${{ item.w }}\"}"], "limits: {cores: SLOTS}\n"),
    Case("retries", "get", 2, 6, ["a: {source: range, to: 40}", f"get: {{from: a, {FAILS_ONCE}, limit: SLOTS}}"]),
    Case("throttle", "get", 2, 5, ["a: {source: range, to: 40}", f"get: {{from: a, {THROTTLED}, limit: SLOTS}}"]),
    Case("stages", "push", 2, 6,
         ["a: {source: range, to: 40}", naps("context", "a", 20, 10, 3),
          naps("build", "context", 300, 100, 6, ", limit: 8"),
          "built: {from: build, queue: fifo}", naps("push", "built", 200, 60, 5, ", limit: SLOTS"),
          naps("sign", "push", 100, 20, 3)]),
    Case("ordered", "get", 3, 10,
         ["a: {source: range, to: 50}", naps("get", "a", 100, 80, 10, ", limit: SLOTS, ordered: true"),
          naps("put", "get", 100, 10, 3, ", limit: 2")]),
    Case("full-queue", "push", 1, 4,
         ["a: {source: range, to: 30, max_in_flight: 20}", naps("build", "a", 100, 50, 5, ", limit: 4"),
          "built: {from: build, queue: fifo, capacity: 3}", naps("push", "built", 200, 50, 4, ", limit: SLOTS")]),
    Case("shared-and-full", "net", 3, 9,
         ["a: {source: range, to: 40}", naps("build", "a", 100, 50, 5, ", limit: net"),
          "built: {from: build, queue: fifo, capacity: 2}", naps("push", "built", 200, 50, 4, ", limit: net")],
         "limits: {net: SLOTS}\n"),
    Case("cpu", "work", 1, 6, ["a: {source: range, to: 16}", f"work: {{from: a, {SPINS}, limit: SLOTS}}"], uses_cpu=True),
    Case("cpu-and-naps", "work", 1, 4,
         ["a: {source: range, to: 16}",
          f"work: {{from: a, {SPINS.replace('i=0;', 'sleep 0.3; i=0;')}, limit: SLOTS}}"],
         uses_cpu=True),
    Case("cpu-then-naps", "work", 2, 5,
         ["a: {source: range, to: 20}", f"work: {{from: a, {SPINS[:-1]}; sleep 0.5', limit: SLOTS}}"], uses_cpu=True),
]


def weir(binary, folder, *words):
    done = subprocess.run([binary, *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"weir {' '.join(words)} in {folder}: {done.stderr}")
    return done.stdout


def run(binary, folder, case, slots):
    """Runs it in a folder of its own. Gives that, and what was recorded: seconds, problems."""
    place = os.path.join(folder, f"{case.name}-{slots}")
    os.mkdir(place)
    with open(os.path.join(place, "case.yaml"), "w", encoding="utf-8") as file:
        file.write(case.text.replace("SLOTS", str(slots)))
    weir(binary, place, "run", "case.yaml", "--run-dir", "run", "--progress", "none", "--quiet", "--output", "none")
    return place


def seconds_of(text):
    """What `weir` calls 1m05s or 3.1s."""
    whole = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?", text)
    hours, minutes, seconds = (float(part or 0) for part in whole.groups())
    return 3600 * hours + 60 * minutes + seconds


def predicted(binary, place, asked):
    text = weir(binary, place, "report", "run", "--what-if", asked)
    return seconds_of(re.search(r"^with [^:]*: (\S+) ", text, re.MULTILINE)[1])


def recorded(binary, place):
    return json.loads(weir(binary, place, "report", "run", "--json"))["run"]["seconds"]


def rows_of(binary, folder, case):
    """Both ways: from the record with one number of slots to the other."""
    places = [run(binary, folder, case, slots) for slots in case.slots]
    truths = [recorded(binary, place) for place in places]
    rows = []
    for known, asked in ((0, 1), (1, 0)):
        slots = case.slots[asked]
        guess = predicted(binary, places[known], f"{case.limit}={slots}")
        rows.append((case.name, f"{case.limit}={case.slots[known]}", truths[known], f"{case.limit}={slots}", guess,
                     truths[asked], 100 * (guess / truths[asked] - 1)))
    problems = []
    for place in places:
        problems += [f"{os.path.basename(place)}: {text}" for text in problems_of(binary, os.path.join(place, "run"))]
    return rows, problems


def main():
    parser = argparse.ArgumentParser(description="How well what-if predicts.")
    parser.add_argument("build")
    parser.add_argument("--only", action="append", help="cases with this in their names; several may be given")
    parser.add_argument("--within", type=float, default=15, help="percent that no prediction may be off by more than")
    parser.add_argument("--keep", help="a folder to leave the runs in")
    options = parser.parse_args()
    binary = os.path.abspath(os.path.join(options.build, "weir"))
    cases = [c for c in CASES if not options.only or any(word in c.name for word in options.only)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        print(f"load of the machine before: {os.getloadavg()[0]:.2f}, processors: {os.cpu_count()}")
        # Those that sleep don't disturb each other; those that compute are alone.
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda c: rows_of(binary, folder, c), [c for c in cases if not c.uses_cpu]))
        done += [rows_of(binary, folder, c) for c in cases if c.uses_cpu]
        print(f"load after: {os.getloadavg()[0]:.2f}")
    rows = [row for rows, _ in done for row in rows]
    show([("case", "recorded with", "took", "predicted for", "to take", "took", "off by")] +
         [(name, a, f"{took:.1f} s", b, f"{guess:.1f} s", f"{truth:.1f} s", f"{off:+.1f} %")
          for name, a, took, b, guess, truth, off in rows])
    errors = [abs(row[-1]) for row in rows]
    print(f"off by {statistics.median(errors):.1f} % in the median, {max(errors):.1f} % at most")
    problems = [text for _, texts in done for text in texts]
    for text in problems:
        print(text)
    sys.exit(1 if problems or max(errors) > options.within else 0)


if __name__ == "__main__":
    main()
