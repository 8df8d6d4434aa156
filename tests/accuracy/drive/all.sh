# Functions, aliases, redirections, here documents, traps, jobs, arithmetic.
f() { local a=$1; case $a in x|y) echo "$a" ;; *) return 1 ;; esac; }
alias g='f x'
trap 'echo bye' EXIT INT
for i in a b c "d e" *.c; do f "$i" || :; done
while [ $((n = n + 1)) -lt 5 ]; do : "${n:-1}" "${n%1}" "${n##*1}"; done
until true; do :; done
cat <<X | (read -r l; echo "$l") && { echo yes; } || ! echo no
here $n $(echo inner) $((n * 2)) ${HOME:+set}
X
if test -f /etc/passwd; then set -- one two three; shift; fi
eval 'h() { echo "$@" >&2; }'; h 1 2 2>/dev/null; unset -f h; unset n
sleep 0 & wait; jobs; hash; export P=1; readonly Q=2; umask; type f
IFS=:; for d in $PATH; do :; done; getopts ab: o -a -b c; printf '%s\n' "$*"
. /dev/null; command -v ls; cd /; pwd; exec 3</dev/null 3<&-; x=~root/y
