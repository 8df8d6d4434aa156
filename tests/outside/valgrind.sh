#!/bin/sh
# valgrind finds no errors of Gordian's in the program that it runs.
# Exit: 0 as expected, 1 not so, 77 no valgrind.
set -u

: "${abs_top_builddir:=$(pwd)/build}" "${GORDIAN:=$abs_top_builddir/gordian}"
command -v valgrind >/dev/null || { echo "valgrind: skip: not installed"; exit 77; }
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

valgrind -q true >/dev/null 2>&1 ||
	{ echo "valgrind: skip: it does not run here"; exit 77; }
"$GORDIAN" run --quiet --format=none --report="$scratch/%p.jsonl" -- \
	valgrind -q --error-exitcode=9 "$abs_top_builddir/tests/bin/lost-block" \
	>"$scratch/out" 2>"$scratch/err"
status=$?
if [ $status -ne 0 ] || grep '^==' "$scratch/err"; then
	echo "valgrind: status $status, and the lines above"
	exit 1
fi
if ! grep -q '"t":"scan"' "$scratch"/*.jsonl; then
	echo "valgrind: no scan was made"
	exit 1
fi
echo "valgrind: ok"
