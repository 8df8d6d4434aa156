#!/bin/bash
# What bash completes, for each verb and option that help names.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
gordian=${abs_top_builddir:-$top/build}/gordian
status=0

# complete_words WORD...: what the last of the words becomes.
complete_words()
{
	COMP_WORDS=("$gordian" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_gordian 2>/dev/null || :
	echo "${COMPREPLY[*]}"
}

# expect WANTED WORD...: WANTED is among what the last of the words becomes.
expect()
{
	local wanted=$1 got
	shift
	got=$(complete_words "$@")
	case " $got " in
	*" $wanted "*) ;;
	*)
		echo "gordian $*: '$wanted' is not among '$got'"
		status=1
		;;
	esac
}

. "$top/tools/completion/gordian"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
touch some.jsonl
verbs=$("$gordian" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\)  .*/\1/p')
[ "$(echo "$verbs" | wc -l)" -ge 3 ]
for verb in $verbs; do
	expect "$verb" "${verb%?}"
	expect "$verb" help "${verb%?}"
	for option in $("$gordian" "$verb" --help |
		sed -n 's/^  .*\(--[a-z-]*=\{0,1\}\).*/\1/p'); do
		expect "$option" "$verb" "${option%?}"
	done
done
for value in yes no; do
	expect "$value" run --follow =
done
for value in text json none; do
	expect "$value" run --format =
done
for value in html sarif junit prometheus lsan; do
	expect "$value" report --format = "${value%?}"
done
expect some.jsonl report som
expect some.jsonl report -o x som
expect some.jsonl run --suppressions = som
[ -z "$(complete_words report --no-such-option)" ] || status=1
if [ -x /usr/bin/zsh ]; then
	/usr/bin/zsh -n "$top/tools/completion/_gordian" || status=1
fi
exit $status
