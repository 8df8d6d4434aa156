#!/bin/sh
# libgordian.so exports what tests/docs/exports.list says, needs libc alone, and
# checks itself in debug builds alone.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
lib=${abs_top_builddir:-$top/build}/libgordian.so
status=0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sed -n 's/^\([^# ][^ ]*\)$/\1/p' "$top/tests/docs/exports.list" | LC_ALL=C sort \
	>"$scratch/want"
nm -D --defined-only "$lib" | awk '{ sub(/@.*/, "", $3); print $3 }' |
	LC_ALL=C sort -u >"$scratch/have"
if ! diff -u "$scratch/want" "$scratch/have"; then
	echo "exports differ: - expected, + found"
	status=1
fi
for needed in $(readelf -dW "$lib" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
do
	case $needed in
	libc.so.* | ld-linux*.so.*) ;;
	*)
		echo "links to $needed"
		status=1
		;;
	esac
done
# A lazily bound or dynamic thread-local symbol would call malloc in a hook.
if readelf -rW "$lib" | grep -E 'DTPMOD|TLSDESC'; then
	echo "uses dynamic thread-local storage"
	status=1
fi
readelf -dW "$lib" | grep -q BIND_NOW ||
	readelf -dW "$lib" | grep -q 'FLAGS.*NOW' || {
	echo "is bound lazily"
	status=1
}

# src/base/debug.h.
grep -q '^DEBUG_CPPFLAGS = -D' "${lib%/*}/Makefile" && debug=yes || debug=no
grep -rhoE '\b[a-z_]+_is_valid\([a-z]' "$top/src" --include='*.h' |
	sed 's/(.*//; /^filter_/d' | sort -u >"$scratch/checks"
nm "$lib" >"$scratch/symbols"
while read -r check; do
	grep -q " $check$" "$scratch/symbols" && there=yes || there=no
	[ $there = $debug ] || {
		echo "debug build: $debug; $check is there: $there"
		status=1
	}
done <"$scratch/checks"
grep -q arena "$scratch/checks" || {
	echo "found no checks"
	status=1
}
exit $status
