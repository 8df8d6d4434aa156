#!/bin/sh
# The example with a library leaks what its comment says: three loads of two
# groups, each group in a cycle with its service.
set -eu
command -v python3 >/dev/null || {
	echo "python3 is not here"
	exit 77
}
pkg-config --exists json-c || {
	echo "libjson-c-dev is not here"
	exit 77
}
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${abs_top_builddir:-$top/build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# The line in its first comment builds it.
cp "$top/examples/services.c" "$top/examples/services.json" .
build_line=$(sed -n 's/^ \* \(cc .*\)/\1/p' services.c)
eval "$build_line"
./services services.json >plain
"$build/gordian" run --format=none --report=it.jsonl -- \
	./services services.json >watched
diff plain watched
"$build/gordian" report --format=json it.jsonl >it.json
python3 - it.json <<'PYTHON'
import json
import sys

report = json.load(open(sys.argv[1]))
cycles = [f for f in report["findings"] if f["kind"] == "cycle"]
assert len(cycles) == 1, [f["id"] for f in cycles]
cycle, = cycles
assert cycle["count"] == 6, cycle["count"]
assert len(cycle["members"]) == 6, len(cycle["members"])
assert cycle["cut"], "no cut"
assert report["summary"]["findings"] == 1, report["summary"]
for member in cycle["members"]:
    functions = [frame["function"] for frame in member["stack"]]
    assert "load" in functions and "main" in functions, functions
PYTHON
