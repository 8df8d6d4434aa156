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
		sed -n 's/^ \{2,6\}\(-[a-z], \)\{0,1\}\(--[a-z-]*=\{0,1\}\).*/\2/p'); do
		expect "$option" "$verb" "${option%?}"
	done
done
for value in yes no; do
	expect "$value" run --follow =
done
for value in text json none; do
	expect "$value" run --format =
done
# Each form of other tools that the manual has, too.
forms=$(sed -n '/^\.SS Forms of other tools/,/^\.S[HS] [A-Z]/p' \
	"$top/tools/gordian-report.1" | sed -n '/^\.TP/{n;p}' |
	sed 's/^\.B[R]* //; s/ ", " / /; s/,//g')
[ "$(echo "$forms" | wc -w)" -eq 11 ] || {
	echo "the manual has these forms:" $forms
	status=1
}
for value in text json $forms; do
	expect "$value" report --format = "${value%?}"
	: >empty
	"$gordian" report --format="$value" empty 2>&1 |
		grep -q "is not one of" && {
		echo "the manual has the form $value, which is none"
		status=1
	}
done
expect some.jsonl report som
expect some.jsonl report -o x som
expect some.jsonl run --suppressions = som
[ -z "$(complete_words report --no-such-option)" ] || status=1

# zsh_words WORD...: what zsh's completion is handed for the last of the words.
zsh_words()
{
	/usr/bin/zsh -f -c '
		_describe() { print -lr -- ${(P)2}; }
		_values() { print -lr -- "$@"; }
		_files() { print FILES; }
		compset() { [[ $words[CURRENT] == *=* ]]; }
		compadd() { print -lr -- ${(P)2}; }
		completion=$1
		shift
		words=("$@")
		CURRENT=$#
		set --
		. $completion' zsh "$top/tools/completion/_gordian" \
		"$gordian" "$@"
}

# zsh_expect WANTED WORD...
zsh_expect()
{
	local wanted=$1
	shift
	zsh_words "$@" | grep -qE -e "^$wanted([:[].*)?$" || {
		echo "zsh: gordian $*: '$wanted' is not among" $(zsh_words "$@")
		status=1
	}
}

if [ -x /usr/bin/zsh ]; then
	/usr/bin/zsh -n "$top/tools/completion/_gordian" || status=1
	for verb in $verbs; do
		zsh_expect "$verb" ""
		zsh_expect "$verb" help ""
		for option in $("$gordian" "$verb" --help |
			sed -n 's/^ \{2,6\}\(-[a-z], \)\{0,1\}\(--[a-z-]*=\{0,1\}\).*/\2/p'); do
			zsh_expect "$option" "$verb" --
		done
	done
	for value in text json $forms; do
		zsh_expect "$value" report --format=
	done
	zsh_expect no run --follow=
	zsh_expect FILES run --suppressions=
else
	echo "no zsh: its completion is not run"
fi
exit $status
