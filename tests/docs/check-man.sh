#!/bin/sh
# Each verb has a page, each page formats without a warning, and help and page
# of a verb name the same options.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
gordian=${abs_top_builddir:-$top/build}/gordian
status=0

fail()
{
	echo "$*"
	status=1
}

# The long options in a text, a line each.
options()
{
	sed 's/\\-/-/g' | grep -oE -e '--[a-z][a-z-]*' | LC_ALL=C sort -u
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for verb in run report check diff why snapshot; do
	page=$top/tools/gordian-$verb.1
	if [ ! -f "$page" ]; then
		fail "gordian $verb has no page"
		continue
	fi
	"$gordian" --help | grep -qw "$verb" ||
		fail "gordian --help does not name $verb"
	"$gordian" "$verb" --help | options >"$scratch/help" || :
	options <"$page" >"$scratch/page" || :
	diff "$scratch/help" "$scratch/page" ||
		fail "gordian $verb: < help alone, > page alone"
done
# What GORDIAN_OPTIONS takes, but for what gordian run and the library hand on.
sed -n '/^static bool is_option/,/^}/p' "$top/src/base/config.c" |
	grep -oE '"[a-z-]+"' | tr -d '"' |
	grep -vxE 'run|plain|keep|main|filters' | LC_ALL=C sort >"$scratch/keys"
[ "$(wc -l <"$scratch/keys")" -gt 9 ] || fail "no options in config.c"
sed -n '/^\.B GORDIAN_OPTIONS/,/^Without/p' "$top/tools/gordian.1" |
	sed 's/\\-/-/g' >"$scratch/page"
while read -r key; do
	grep -qE "^\.B[RI]* $key( |=|,|\$)" "$scratch/page" ||
		fail "gordian(1) does not name the option $key"
done <"$scratch/keys"
if command -v groff >/dev/null; then
	for page in "$top"/tools/*.[15]; do
		warnings=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
		[ -z "$warnings" ] || fail "$warnings"
	done
fi
exit $status
