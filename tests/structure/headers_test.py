#!/usr/bin/env python3
"""Every public header can be included alone, first, and without a warning.
headers_test.py COMPILER INCLUDE-FOLDER"""

import concurrent.futures
import pathlib
import subprocess
import sys

compiler, include = sys.argv[1], pathlib.Path(sys.argv[2])
OPTIONS = ["-std=c++20", "-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Werror",
           "-fsyntax-only", "-x", "c++", "-"]


def errors_of(header):
    done = subprocess.run([compiler, f"-I{include}", *OPTIONS], capture_output=True, text=True,
                          input=f"#include <{header.relative_to(include)}>\n", check=False)
    return done.stderr if done.returncode != 0 else ""


headers = sorted(include.rglob("*.hpp"))
with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
    errors = [error for error in pool.map(errors_of, headers) if error]
print("\n".join(errors), end="")
print(f"{len(headers)} headers, {len(errors)} of them wrong")
sys.exit(1 if errors or not headers else 0)
