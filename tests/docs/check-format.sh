#!/bin/sh
# clang-format would change nothing in our C sources. Needs version 14, which
# Debian 12 has: another lays some lines out otherwise.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
format=
for program in clang-format-14 clang-format; do
	case $($program --version 2>/dev/null || :) in
	*"version 14."*) format=$program ;;
	esac
done
if [ -z "$format" ]; then
	echo "clang-format 14 is not here"
	exit 77
fi
cd "$top"
find src tools tests examples -name '*.[ch]' -exec \
	$format --dry-run -Werror -- {} +
