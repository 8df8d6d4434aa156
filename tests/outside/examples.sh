#!/bin/sh
# The annotated examples, each built by the line in its first comment, leak what
# they say, and print the same under Gordian.
set -eu
command -v python3 >/dev/null || {
	echo "python3 is not here"
	exit 77
}
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${abs_top_builddir:-$top/build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/examples"
ln -s "$top/src" "$scratch/src"
cp "$top"/examples/*.c "$scratch/examples"
cd "$scratch/examples"

for name in textbook document observers forgotten json; do
	case $name in
	json) pkg-config --exists json-c || continue ;;
	esac
	build_line=$(sed -n 's/^ \* \(cc .*\)/\1/p' $name.c)
	eval "$build_line -Wall -Wextra -Werror"
	./$name >plain
	"$build/gordian" run --format=none --report=$name.jsonl -- \
		./$name >watched
	diff plain watched
	"$build/gordian" report --format=json $name.jsonl >$name.json
done
cc -g -O1 -I../src -DMENDED document.c -o mended
"$build/gordian" run --format=none --error-exitcode=9 --report=mended.jsonl \
	-- ./mended >/dev/null

python3 - <<'PYTHON'
import json
import os

wrong = 0


def names(entries):
    return {f["function"] for entry in entries for f in entry["stack"]}


def check(name, **wanted):
    global wrong
    if not os.path.exists(name + ".json"):
        return
    report = json.load(open(name + ".json"))
    found = report["findings"]
    if len(found) != 1:
        print(f"{name}: {[(f['kind'], f['bytes']) for f in found]}")
        wrong = 1
        return
    finding = found[0]
    members, cut = finding["members"], finding["cut"]
    real = {
        "kind": finding["kind"],
        "confidence": finding["confidence"],
        "count": finding["count"],
        "types": sorted(str(m["type"]) for m in members if m["type"]),
        "counts": sorted(m["refcount"] for m in members
                         if m["refcount"] is not None),
        "cut": cut and finding["edges"][cut["edge"]]["field"],
        "taken_in": wanted.get("taken_in", set()) & names(finding["acquires"]),
        "references": finding.get("references"),
        "warnings": len(report["warnings"]),
    }
    for key, value in wanted.items():
        if real[key] != value:
            print(f"{name}: {key}: expected {value}, found {real[key]}")
            wrong = 1


check("textbook", kind="cycle", confidence="certain", count=1, counts=[1, 1],
      warnings=0)
check("document", kind="cycle", confidence="certain", count=1,
      types=["element"] * 5, counts=[1, 1, 1, 2, 3], cut="parent", warnings=0)
check("observers", kind="cycle", confidence="certain", count=3,
      types=["observer", "window"], counts=[1, 1], warnings=0)
check("forgotten", kind="excess-ref", confidence="certain", count=1,
      types=["message"], counts=[1], references=0, taken_in={"send"},
      warnings=0)
check("json", kind="cycle", confidence="certain", count=1,
      types=["customer", "order"], counts=[1, 1], taken_in={"order_new"},
      warnings=0)
raise SystemExit(wrong)
PYTHON
