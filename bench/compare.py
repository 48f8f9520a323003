"""The rows of bench/compare.sh. Usage: compare.py BUILD_FOLDER [OPTION…]; see compare.sh."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from shared import memory, show, write_lines, write_pipeline

class Table:
    """Rows of weir against one other each."""

    def __init__(self):
        self.rows = []

    def add(self, work, unit, weir, name, other):
        """`weir` and `other` are costs: less is better."""
        self.rows.append((work, f"{weir:.3g} {unit}", name, f"{other:.3g} {unit}", other / weir))
        print(f"  {work}: weir {weir:.3g} {unit}, {name} {other:.3g} {unit}", file=sys.stderr)

    def show(self):
        head = ("work", "weir", "beside", "", "weir is faster by")
        show([head] + [row[:4] + (f"{row[4]:.2f} x",) for row in self.rows])


def interleaved(rounds, contestants):
    """Median wall seconds of each; `contestants` maps names to functions."""
    times = {name: [] for name in contestants}
    for contest in contestants.values():
        contest.prepare()
        contest()  # once for the caches
    for _ in range(rounds):
        for name, contest in contestants.items():
            contest.prepare()
            begin = time.perf_counter()
            contest()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(all_times) for name, all_times in times.items()}


def shell(command, cwd, writes=None):
    """Runs it by sh, with bytes for characters, so that no tool is held up by a locale. What it
    `writes` is removed before, and not by it."""
    environment = dict(os.environ, LC_ALL="C")

    def run():
        subprocess.run(command, shell=True, check=True, cwd=cwd, env=environment,
                       stdout=subprocess.DEVNULL)

    def prepare():
        if writes is not None:
            (cwd / writes).unlink(missing_ok=True)
    run.prepare = prepare
    return run


def graphs(build, rounds, table, wanted):
    """What an item costs in a graph: by Google Benchmark, interleaved by it."""
    done = subprocess.run(
        [build / "bench/graph_bench", "--benchmark_enable_random_interleaving",
         f"--benchmark_repetitions={rounds}", "--benchmark_format=json",
         "--benchmark_report_aggregates_only"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    cost = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run["aggregate_name"] == "median":
            cost[run["run_name"].removesuffix("/real_time")] = run["per_item"] * 1e9
    beside = {"flow graph": "by_hand", "parallel_pipeline": "parallel_pipeline",
              "Taskflow": "taskflow"}
    for work, weir, shape in [("chain of 1", "declared_chain/1", "chain/1"),
                              ("chain of 4", "declared_chain/4", "chain/4"),
                              ("chain of 8", "declared_chain/8", "chain/8"),
                              ("chain of 4, --batch 1", "declared_chain_batch_1/4", "chain/4"),
                              ("pool", "declared_pool", "pool"),
                              ("pool, --batch 1", "declared_pool_batch_1", "pool")]:
        for name, other in beside.items():
            if wanted(work) and f"{other}_{shape}" in cost:
                table.add(work, "ns an item", cost[weir], name, cost[f"{other}_{shape}"])


def texts(weir, rounds, table, wanted, work, megabytes):
    """The tools of the shell, on a file that is in the cache."""
    if not any(map(wanted, ("contains", "replace", "words"))):
        return
    write_lines(work / "lines.txt", megabytes)
    write_lines(work / "few.txt", max(1, megabytes // 10))
    write_pipeline(work / "contains.yaml", "a: {source: lines, path: lines.txt}",
                   "b: {from: a, function: contains, text: needle}", "c: {from: b, sink: count}")
    write_pipeline(work / "replace.yaml", "a: {source: lines, path: lines.txt}",
                   "b: {from: a, function: replace, text: needle, with: pin, ordered: true}",
                   "c: {from: b, sink: lines, path: replaced.txt}")
    write_pipeline(work / "words.yaml", "a: {source: lines, path: few.txt}",
                   "b: {from: a, function: split}", "c: {from: b, function: count_by}",
                   "d: {from: c, sink: jsonl, path: counted.jsonl}")
    for name, written, other, command, by_other in [
            ("contains", None, "grep -cF | cat", "grep -cF needle lines.txt | cat", None),
            ("replace", "replaced.txt", "sed", "sed s/needle/pin/g lines.txt > sed.txt", "sed.txt"),
            ("words", "counted.jsonl", "tr | sort | uniq -c",
             "tr ' ' '\\n' < few.txt | sort | uniq -c > uniq.txt", "uniq.txt")]:
        if not wanted(name):
            continue
        times = interleaved(rounds, {
            "weir": shell(f"{weir} run -q {name}.yaml", work, written),
            other: shell(command, work, by_other)})
        size = megabytes if name != "words" else max(1, megabytes // 10)
        table.add(f"{name}, {size} MB", "s", times["weir"], other, times[other])
    if wanted("replace"):
        same = subprocess.run(["cmp", "replaced.txt", "sed.txt"], cwd=work, check=False)
        if same.returncode != 0:
            sys.exit("what weir replaced is not what sed replaced")


def processes(build, weir, rounds, table, wanted, work):
    """/bin/true, its output caught by weir."""
    if not wanted("true"):
        return
    count, few = 3000, 300
    write_pipeline(work / "true.yaml", f"a: {{source: range, to: {count}}}",
                   "b: {from: a, run: [/bin/true], limit: 4}")
    write_pipeline(work / "ballast.yaml", f"a: {{source: ballast, to: {count}}}",
                   "b: {from: a, run: [/bin/true], limit: 4}")
    write_pipeline(work / "empty.yaml", "a: {source: ballast, to: 1}",
                   "b: {from: a, run: [/bin/true], limit: 4}")
    names = " ".join(f"t{i}" for i in range(count))
    (work / "Makefile").write_text(f"all: {names}\n{names}:\n\t@/bin/true\n.PHONY: all {names}\n")
    plugin = build / "bench/ballast.so"
    times = interleaved(rounds, {
        "weir": shell(f"{weir} run -q true.yaml", work),
        "xargs -P2": shell(f"seq {count} | xargs -P2 -n1 /bin/true", work),
        "make -j4": shell("make -s -j4", work),
        "GNU parallel": shell(f"seq {few} | parallel /bin/true", work),
        "bare loop": shell(f"{build / 'bench/spawn_floor'} {count} 4", work),
        "ballast": shell(f"{weir} run -q --plugin {plugin} ballast.yaml", work),
        "empty": shell(f"{weir} run -q --plugin {plugin} empty.yaml", work)})
    times["ballast"] -= times["empty"]  # what it takes to fill the memory
    for name in ("xargs -P2", "make -j4", "bare loop"):
        table.add(f"{count} x /bin/true", "ms each", times["weir"] / count * 1e3, name,
                  times[name] / count * 1e3)
    table.add(f"{count} x /bin/true", "ms each", times["weir"] / count * 1e3, "GNU parallel",
              times["GNU parallel"] / few * 1e3)
    for name in ("xargs -P2", "make -j4"):
        table.add("the same, 1 GiB in weir", "ms each", times["ballast"] / count * 1e3, name,
                  times[name] / count * 1e3)


def pool(weir, rounds, table, wanted, work):
    """A thousand items without any work: what the machinery itself takes."""
    if not wanted("pool"):
        return
    write_pipeline(work / "pool.yaml", "jobs: {source: range, to: 1000}",
                   "write: {from: jobs, function: sleep, for: 0s}",
                   "written: {from: write, queue: fifo}",
                   "read: {from: written, function: sleep, for: 0s, limit: 3}",
                   "all: {from: read, sink: count}")
    here = pathlib.Path(__file__).parent
    times = interleaved(rounds, {
        "weir": shell(f"{weir} run -q pool.yaml", work),
        "python": shell(f"{sys.executable} {here / 'pool_in_python.py'}", work)})
    table.add("pool of 1000 items", "s", times["weir"], "Python's multiprocessing", times["python"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    options.build = options.build.resolve()
    weir = options.build / "weir"
    table = Table()

    def wanted(name):
        return not options.only or any(word in name for word in options.only)

    work = pathlib.Path(tempfile.mkdtemp(prefix="weir-compare.", dir=memory(options.size)))
    try:
        if any(map(wanted, ("chain of 4, --batch 1", "pool, --batch 1"))):
            graphs(options.build, options.rounds, table, wanted)
        texts(weir, options.rounds, table, wanted, work, options.size)
        processes(options.build, weir, options.rounds, table, wanted, work)
        pool(weir, options.rounds, table, wanted, work)
    finally:
        shutil.rmtree(work)
    print(f"\nmedians of {options.rounds} interleaved rounds, {os.cpu_count()} cores\n")
    table.show()


if __name__ == "__main__":
    main()
