#!/bin/sh
# Gordian as CTest's memory checker. CTest calls it as it would call Valgrind,
# and reads what it writes to the log as Valgrind's words:
#
#   cmake -B build -D MEMORYCHECK_TYPE=Valgrind \
#         -D MEMORYCHECK_COMMAND=$PWD/ctest-memcheck.sh
#   cd build && ctest -T memcheck
#
# MEMORYCHECK_SUPPRESSIONS_FILE may name a file of suppressions.
log=/dev/stderr
suppressions=
while :; do
	case $1 in
	--log-file=*) log=${1#*=} ;;
	--suppressions=*) suppressions=$1 ;;
	-*) ;; # Valgrind's own
	*) break ;;
	esac
	shift
done
place=$(mktemp -d) || exit 125
gordian run --report="$place/%p.jsonl" --format=none ${suppressions:+"$suppressions"} -- "$@"
status=$?
gordian report --format=lsan ${suppressions:+"$suppressions"} "$place"/*.jsonl |
	sed -E -e 's/^.*irect leak of ([0-9]+) byte.s. in ([0-9]+) object.*/\1 bytes in \2 blocks are definitely lost in loss record 1 of 1/' \
		-e "s/^/==$$== /" >"$log"
rm -r "$place"
exit $status
