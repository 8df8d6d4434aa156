#!/bin/sh
# Every file, function and link that a page of the source names exists, and so
# does every test that doc/trust.md names. The records and keys of the report
# file are those that the code writes.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
status=0
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT

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
for text in *.md doc/*.md doc/design/*.md src/*.md tools/*.md; do
	for file in $(quoted $text | grep -E '^[a-z_/]+\.[ch]$' || :); do
		find . -path "*/$file" | grep -q . ||
			fail "$text: no file $file"
	done
	for name in $(quoted $text | sed -n 's/^\([a-z_]*\)(.*)$/\1/p'); do
		grep -rqE "\b$name\(" --include='*.[ch]' src tools ||
			fail "$text: no function $name"
	done
	for link in $(sed 's/](/\n](/g' $text |
		sed -n 's/^](\([^):#]*\)).*/\1/p'); do
		[ -e "$(dirname "$text")/$link" ] || fail "$text: no file $link"
	done
done

# The lines of the report file.
page=doc/design/report.md
for key in $(grep -oE '"[a-z_]+":' $page | tr -d '":' | LC_ALL=C sort -u); do
	grep -rqE "\"$key\"|\\\\\"$key\\\\\"" src tools ||
		fail "$page: nothing writes the key $key"
done
for key in $(grep -hoE '(line|add)_[a-z]+\(&?line(\.text)?, "[a-z_]+"' src/report/*.c |
	sed 's/.*"\(.*\)"/\1/' | LC_ALL=C sort -u); do
	grep -q "\"$key\"" $page || fail "$page does not describe the key $key"
done

# The tests of doc/trust.md: victims, unit tests, scripts, and checks in them;
# in parentheses what no test of ours can show.
is_test()
{
	find tests -path "*/$1" | grep -q . || [ -f "tests/$1.c" ] ||
		grep -qE "^$1[: ]|^$1$" tests/victims.list ||
		grep -qE "^def $1\(" tests/outside/*.py
}

# The tables whose last column has tests.
awk '!/^\|/ { head = inside = 0; next }
	!head++ { inside = /\| test \|$/ }
	inside' doc/trust.md |
	sed -n 's/^|.*| *\([^|]*[^| ]\) *|$/\1/p' |
	sed 's/([^)]*)//g; s/[`,:]/ /g' | tr ' ' '\n' |
	grep -vE '^(test|-*|sshd)$' >"$scratch" || :
while read -r test; do
	case $test in
	*\*) test=$(echo "$test" | tr -d '*')
		grep -q "^$test" tests/victims.list ||
			fail "doc/trust.md: no tests $test…" ;;
	*) is_test "$test" || fail "doc/trust.md: no test $test" ;;
	esac
done <"$scratch"
exit $status
