#!/usr/bin/env python3
"""A plugin with a mistake in it doesn't compile, and what the headers say of the mistake is among the
first errors: messages_test.py COMPILER INCLUDE-FOLDER"""

import concurrent.futures
import re
import subprocess
import sys

compiler, include = sys.argv[1:]
OPTIONS = ["-std=c++20", "-fsyntax-only", "-x", "c++", "-"]
FIRST = 3  # who reads further has been drowned

OWN = "struct Own {};\n"
PORTS = "struct Ports { weir::Out<std::int64_t> small; };\n"


def plugin(members, before="", description=""):
    return (f"#include <weir/node.hpp>\n{before}struct Faulty {{\n{members}\n"
            "static void describe(weir::Describe<Faulty>& d) {\n"
            f"d.node(\"faulty\", \"Doesn't compile.\"); {description}\n}}\n}};\n"
            "WEIR_PLUGIN(\"faulty\", Faulty)\n")


def own_parameter(kind, more=""):
    return plugin(f"{kind} own;\nvoid operator()(std::int64_t) const {{}}", OWN,
                  f'd.param<&Faulty::own>("own", "Unknown."){more};')


SINK = "void operator()(std::int64_t) const {}\n"
CALL = "a node needs a call operator"
TYPE = r'declare it with WEIR_TYPE\(T, \\?"name\\?"\)'  # clang escapes the quotes
PARAM = "a parameter can't have this type: specialise weir::ParamType"
ELEMENT = "a parameter can't consist of this type: specialise weir::ParamType"
NEXT = r"write 'std::optional<T> next\(\)' or 'bool next\(weir::Out<T>&\)'"
BOTH = "a node gives out by its result or by weir::Out/Ports, not by both"
BEHIND = "behind the item, a node's call operator takes weir::Host&, weir::Out<T>& or Ports&"
FINISH = r"write 'void finish\(weir::Outcome\)'"
START = r"write 'void start\(\)' or 'void start\(weir::Host&\)'"

MISTAKES = [
    ("neither a call operator nor next", CALL, plugin("")),
    ("a call operator that is a template", CALL,
     plugin("template <class T> T operator()(T x) const { return x; }")),
    ("two call operators", CALL, plugin(SINK + "void operator()(double) const {}")),
    ("a call operator that takes nothing", "a node's call operator takes the item first",
     plugin("void operator()() const {}")),
    ("a call operator that takes something else as well", BEHIND,
     plugin("void operator()(std::int64_t, int) const {}")),

    ("takes a type that isn't declared", TYPE, plugin("void operator()(Own) const {}", OWN)),
    ("takes a reference to one", TYPE, plugin("void operator()(const Own&) const {}", OWN)),
    ("returns one", TYPE, plugin("Own operator()(std::int64_t) const { return {}; }", OWN)),
    ("returns one, or nothing", TYPE,
     plugin("std::optional<Own> operator()(std::int64_t) const { return Own{}; }", OWN)),
    ("returns one after a wait", TYPE,
     plugin("weir::Task<Own> operator()(std::int64_t) const { co_return Own{}; }", OWN)),
    ("gives one out", TYPE,
     plugin("void operator()(std::int64_t, weir::Out<Own>& out) const { out(Own{}); }", OWN)),
    ("gives one out on a port", TYPE,
     plugin("struct Ports { weir::Out<Own> small; };\n"
            "void operator()(std::int64_t, Ports& out) const { out.small(Own{}); }", OWN,
            'd.output<&Ports::small>("small", "All.");')),
    ("a source of one", TYPE, plugin("std::optional<Own> next() { return Own{}; }", OWN)),
    ("a type that throws when it moves", "an edge's type must move without throwing",
     plugin("void operator()(Own) const {}",
            'struct Own { Own(Own&&) {} };\nWEIR_TYPE(Own, "own");\n')),
    ("a type that wants much room", "an edge's type can be aligned to 16 bytes at most",
     plugin("void operator()(Own) const {}",
            'struct alignas(32) Own {};\nWEIR_TYPE(Own, "own");\n')),

    ("a parameter of an unknown type", PARAM, own_parameter("Own")),
    ("a parameter of one with a condition", PARAM, own_parameter("Own", ".required()")),
    ("a list of an unknown type", ELEMENT, own_parameter("std::vector<Own>")),
    ("a map of an unknown type", ELEMENT, own_parameter("std::vector<std::pair<std::string, Own>>")),
    ("perhaps an unknown type", ELEMENT, own_parameter("std::optional<Own>")),

    ("finish without the outcome", FINISH, plugin(SINK + "void finish() {}")),
    ("the same of a source", FINISH,
     plugin("std::optional<int> next() { return {}; }\nvoid finish() {}")),
    ("the same of a node that waits", FINISH,
     plugin("weir::Task<> operator()(std::int64_t) const { co_return; }\nvoid finish() {}")),
    ("start with something", START, plugin(SINK + "void start(int) {}")),
    ("validate that changes the node", r"write 'void validate\(\) const'",
     plugin(SINK + "void validate() {}")),
    ("output_type without the input",
     r"write 'std::string output_type\(std::string_view input\) const'",
     plugin("weir::Item operator()(weir::Item x) const { return x; }\n"
            "std::string output_type() const { return {}; }")),
    ("after_batch without the host", r"write 'void after_batch\(weir::Host&\)'",
     plugin(SINK + "void after_batch() {}")),

    ("a source that can't end", NEXT, plugin("int next() { return 1; }")),
    ("a source of nothing", NEXT, plugin("void next() {}")),
    ("a source with an Out that can't end", NEXT,
     plugin("void next(weir::Out<std::int64_t>& out) { out(1); }")),

    ("a result and an Out", BOTH,
     plugin("int operator()(std::int64_t x, weir::Out<std::int64_t>& out) const "
            "{ out(x); return 1; }")),
    ("a result and ports", BOTH,
     plugin(PORTS + "int operator()(std::int64_t x, Ports& out) const { out.small(x); return 1; }",
            "", 'd.output<&Ports::small>("small", "All.");')),
    ("an Out and ports", "take either weir::Out<T>& or Ports&",
     plugin(PORTS + "void operator()(std::int64_t x, Ports& ports, weir::Out<std::int64_t>& out) "
            "const { ports.small(x); out(x); }", "", 'd.output<&Ports::small>("small", "All.");')),
    ("waits and blocks", "a node that waits doesn't block",
     plugin("static constexpr bool blocking = true;\n"
            "weir::Task<> operator()(std::int64_t) const { co_return; }")),
]


def compiled(source):
    done = subprocess.run([compiler, f"-I{include}", *OPTIONS], capture_output=True, text=True,
                          input=source, check=False)
    return done.returncode == 0, done.stderr


def complaint(mistake):
    name, message, source = mistake
    good, said = compiled(source)
    errors = [line for line in said.splitlines() if re.search(r"\berror: ", line)]
    if not good and any(re.search(message, error) for error in errors[:FIRST]):
        return ""
    return f"{name}: not '{message}' but\n{said or 'it compiles'}\n"


def main():
    # A mistake of this test itself would be seen as one of the plugin.
    good, said = compiled(plugin(SINK))
    if not good:
        sys.exit(f"even a good plugin doesn't compile:\n{said}")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        complaints = [text for text in pool.map(complaint, MISTAKES) if text]
    print("\n".join(complaints), end="")
    print(f"{len(MISTAKES)} mistakes, {len(complaints)} of them not explained")
    sys.exit(1 if complaints else 0)


main()
