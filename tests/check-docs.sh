#!/bin/sh
# Every file and function that doc/design.md and README.md name exists, and the
# records and keys of the report file are those that the code writes.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
status=0

fail()
{
	echo "$*"
	status=1
}

# What stands between backquotes, a piece a line.
quoted()
{
	grep -oE '`[^`]+`' "$1" | tr -d '`' | LC_ALL=C sort -u
}

cd "$top"
for text in doc/design.md README.md; do
	for file in $(quoted $text | grep -E '^[a-z_/]+\.[ch]$' || :); do
		[ -f "$file" ] || [ -f "src/$file" ] || [ -f "tools/$file" ] ||
			fail "$text: no file $file"
	done
	for name in $(quoted $text | sed -n 's/^\([a-z_]*\)(.*)$/\1/p'); do
		grep -rqE "\b$name\(" --include='*.[ch]' src tools ||
			fail "$text: no function $name"
	done
	for link in $(sed 's/](/\n](/g' $text |
		sed -n 's/^](\([^):#]*\)).*/\1/p'); do
		[ -e "$link" ] || fail "$text: no file $link"
	done
done

# The lines of the report file.
for key in $(sed -n '/^## The report file/,/^## The tool/p' doc/design.md |
	grep -oE '"[a-z_]+":' | tr -d '":' | LC_ALL=C sort -u); do
	grep -rqE "\"$key\"|\\\\\"$key\\\\\"" src tools ||
		fail "doc/design.md: nothing writes the key $key"
done
for key in $(grep -hoE '\b(key|number|word)\(&?line, "[a-z_]+"' src/report.c |
	sed 's/.*"\(.*\)"/\1/' | LC_ALL=C sort -u); do
	grep -q "\"$key\"" doc/design.md ||
		fail "doc/design.md does not describe the key $key"
done
exit $status
