"""Runs of the real program that the page is looked at with: of each its file, and the files beside it."""

import random

# As pipelines/images.yaml, with commands that need no registry: many builders, 3 who push at a time.
IMAGES = """
weir: 1
name: images
limits:
  registry: {slots: 3}
nodes:
  images: {source: range, to: 60}
  context: {from: images, run: [sleep, "0.05"]}
  build: {from: context, shell: 'echo "STEP 1/2: FROM scratch"; echo "STEP 2/2: COPY app /"; sleep 0.$((RANDOM % 9))'}
  built: {from: build, queue: fifo}
  push:
    from: built
    limit: registry
    shell: 'echo "Copying blob sha256:3f4ca61aafcd"; sleep 0.$((3 + RANDOM % 4))'
  pushed: {from: push, sink: count}
"""

FAILURES = """
weir: 1
name: nightly
nodes:
  modules: {source: lines, path: modules.txt}
  compile:
    from: modules
    limit: 6
    timeout: 2s
    env: {MODULE: "${{ item }}"}
    shell: |
      echo "c++ -O2 -c src/$MODULE.cpp"
      sleep 0.$((1 + RANDOM % 4))
      case $MODULE in
        parser|lexer) echo "src/$MODULE.cpp:214:17: error: no matching function for call to 'advance(Token&, int)'" >&2
          echo "  214 |     auto next = advance(token, 1);" >&2; echo "      |                 ^~~~~~~" >&2; exit 1 ;;
        linker) echo "waiting for a licence" >&2; sleep 60 ;;
      esac
  test:
    from: compile
    limit: 2
    retry: {attempts: 3, backoff: 200ms..400ms}
    env: {MODULE: "${{ item }}"}
    shell: |
      echo "running 212 tests of $MODULE"; sleep 0.$((2 + RANDOM % 4))
      case $MODULE in *net*) echo "FAILED tests/$MODULE: connection reset by peer" >&2; exit 3 ;; esac
  packages: {from: test, sink: jsonl, path: packages.jsonl}
  broken: {from: [compile.failed, test.failed], sink: jsonl, path: broken.jsonl}
"""
MODULES = ("parser lexer linker netcore netproxy " + " ".join(f"module{n:02}" for n in range(40))).split()

HOSTILE_ITEMS = [
    "<script>window.hacked = 1</script>", "\"quoted\" & 'more' <img src=x onerror='window.hacked=1'>", "x" * 3000,
    "\u202egnp.exe \u2066 \u05e9\u05dc\u05d5\u05dd", "]]></script><!--", "javascript:window.hacked=1",
    "\U0001f40b" * 100, "\x1b[31mred\x07 and\tmore", "a b\u00a0c\u200bd", "../../etc/passwd", "$(reboot)", "%00%n%s",
]
HOSTILE = """
weir: 1
name: "<b>hostile</b> & 'names' \u4e2d\u6587"
nodes:
  a_node_with_a_name_that_is_very_long_indeed_and_goes_on_and_on_and_on: {source: lines, path: items.txt}
  work:
    from: a_node_with_a_name_that_is_very_long_indeed_and_goes_on_and_on_and_on
    limit: 1
    env: {ITEM: "${{ item }}"}
    shell: 'echo "<b>$ITEM</b>" >&2; sleep 0.3; case $ITEM in x*|*hacked*) exit 1 ;; esac'
  _counted: {from: work, sink: count}
"""


def forty(items=120):
    """40 nodes: five branches with queues, limits of their own and one that they share."""
    lines = ["weir: 1", "name: forty", "limits:", "  database: {slots: 4}", "  disk: {slots: 2}", "nodes:",
             f"  numbers: {{source: range, to: {items}}}",
             "  prepare: {from: numbers, run: [sleep, '0.01'], limit: 8}"]
    for branch, pace in enumerate(("0.02", "0.01", "0.06", "0.01", "0.02")):
        name = "abcde"[branch]
        lines += [
            f"  {name}_fetch: {{from: prepare, run: [sleep, '0.01'], limit: 4}}",
            f"  {name}_fetched: {{from: {name}_fetch, queue: fifo}}",
            f"  {name}_convert: {{from: {name}_fetched, run: [sleep, '{pace}'], limit: {2 if branch % 2 else 'disk'}}}",
            f"  {name}_check: {{from: {name}_convert, function: skip, count: 1}}",
            f"  {name}_queue: {{from: {name}_check, queue: fifo, capacity: 50}}",
            f"  {name}_store: {{from: {name}_queue, run: [sleep, '0.03'], limit: database}}",
            f"  {name}_stored: {{from: {name}_store, sink: count}}",
        ]
    stored = ", ".join(f"{name}_store" for name in "abcde")
    fetch = ", ".join(f"{name}_fetch.failed" for name in "abcde")
    lines += [f"  all: {{from: [{stored}], function: skip, count: 0}}", "  index: {from: all, sink: count}",
              f"  failed: {{from: [{fetch}, a_store.failed, c_store.failed], sink: jsonl, path: failed.jsonl}}"]
    return "\n".join(lines) + "\n"


def write_all(folder):
    """Each in a folder of its own; gives their names."""
    random.seed(1)
    made = {"images": IMAGES, "forty": forty(), "failures": FAILURES, "killed": IMAGES, "hostile": HOSTILE}
    for name, text in made.items():
        (folder / name).mkdir()
        (folder / name / "run.yaml").write_text(text, encoding="utf-8")
    (folder / "failures" / "modules.txt").write_text("\n".join(MODULES) + "\n", encoding="utf-8")
    (folder / "hostile" / "items.txt").write_text("\n".join(HOSTILE_ITEMS) + "\n", encoding="utf-8")
    return list(made)
