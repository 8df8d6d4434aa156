#!/bin/sh
# gordian.h in every dialect, without a warning and without a library: as a
# program with and without -pie and as a shared library, before main; without
# Gordian, with a table (tests/docs/header-table.c), with an older one, and with
# nothing told to it at all (-DGORDIAN_OFF). And its first program, as it
# stands there.
set -eu
command -v python3 >/dev/null || {
	echo "python3 is not here"
	exit 77
}
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${abs_top_builddir:-$top/build}
unset LD_PRELOAD GORDIAN_OPTIONS
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
ln -s "$top" top
top=top
failed=0
fail()
{
	echo "$*"
	failed=1
}

strict='-Wall -Wextra -Wpedantic -Wshadow -Werror'
include="-I $top/src"
gcc=${CC:-gcc}

# compile OUT FLAGS: header.c with the words of FLAGS
compile()
{
	# shellcheck disable=SC2086
	$2 $strict $include -x "$3" "$top/tests/docs/header.c" -o "$1" ||
		fail "does not compile: $2"
}

dialects()
{
	for std in $3; do
		$1 -std="$std" -x "$2" -fsyntax-only /dev/null 2>/dev/null ||
			continue
		for flags in -O2 -DGORDIAN_OFF; do
			compile it "$1 -std=$std $flags" "$2"
			[ "$(./it absent)" = ok ] ||
				fail "$1 -std=$std $flags: $(./it absent)"
		done
	done
}

for cc in gcc clang; do
	$cc --version >/dev/null 2>&1 || continue
	dialects $cc c 'c89 gnu89 c99 c11 c17 c2x'
done
for cxx in g++ clang++; do
	$cxx --version >/dev/null 2>&1 || continue
	dialects $cxx c++ 'c++98 c++11 c++17 c++20'
done

# What a table is told.
cat >told <<'TOLD'
ref
object node 1
object Type 0
ref
unref
unref
link first
link kids[i++]
link at.parent to NULL
unlink
weak at.parent +24
count_field node +0 8
finalizer nobody_declared_this
resource 5
pool_alloc 32
pool_free
ignore
root 8
breakable kids +16
ref NULL
link kids[1] of NULL to NULL
unlink of NULL
weak at.parent +-1
breakable first +-1 NULL
enable 1
enable 0
enable -1
threshold 1099511627776
threshold -1
debug 1
debug -1
ok
TOLD
grep -v debug told >told-old
cc="$gcc -std=gnu11 -g -O1"
# shellcheck disable=SC2086
$gcc $strict $include -shared -fPIC "$top/tests/docs/header-table.c" -o table.so
# shellcheck disable=SC2086
$gcc -DOLD $strict $include -shared -fPIC "$top/tests/docs/header-table.c" \
	-o table-old.so

# told_as NAME PROGRAM: with both tables, and with none
told_as()
{
	LD_PRELOAD=./table.so "$2" >got 2>&1 || fail "$1: exit $?"
	diff told got || fail "$1: a table is not told this"
	OLD=1 LD_PRELOAD=./table-old.so "$2" >got 2>&1 || fail "$1: exit $?"
	diff told-old got || fail "$1: an old table is not told this"
	[ "$("$2" absent)" = ok ] || fail "$1: without a table: $("$2" absent)"
}
compile pie "$cc -fPIE -pie" c
told_as pie ./pie
compile no-pie "$cc -fno-pie -no-pie" c
told_as no-pie ./no-pie
compile libit.so "$cc -shared -fPIC -Dmain=it_main" c
echo 'int it_main(int, char **);
int main(int c, char **v) { return it_main(c, v); }' >main.c
$gcc main.c -o main ./libit.so
told_as "shared library" ./main
echo '#include <dlfcn.h>
int main(int c, char **v) {
	void *it = dlopen("./libit.so", RTLD_NOW | RTLD_LOCAL);
	return ((int (*)(int, char **))dlsym(it, "it_main"))(c, v);
}' >plugin.c
$gcc plugin.c -o plugin
told_as plugin ./plugin
compile cxx "${CXX:-g++} -std=gnu++17 -g -O1" c++
LD_PRELOAD=./table.so ./cxx >got || fail "C++: exit $?"
diff told got || fail "C++: a table is not told this"

# An old library may have no table's entry, not even the first.
echo '#include <stddef.h>
const size_t gordian_api_1 = sizeof(size_t);' >none.c
$gcc -shared -fPIC none.c -o none.so
[ "$(LD_PRELOAD=./none.so ./pie absent)" = ok ] || fail "an empty table"

# No symbol of ours is seen from outside, and only libc's are needed.
nm -D --defined-only libit.so | grep gordian && fail "exports a name"

# The assertion says where and how many, and passes without Gordian.
cat >assert.c <<'ASSERT'
#include <gordian.h>
int main(void)
{
	GORDIAN_ASSERT_NO_NEW_LEAKS();
	return 0;
}
ASSERT
# shellcheck disable=SC2086
$gcc $strict $include assert.c -o assert
./assert || fail "the assertion fails without Gordian"
status=0
(ulimit -c 0; LD_PRELOAD=./table.so ./assert) 2>said || status=$?
[ $status -gt 128 ] || fail "the assertion does not abort: $status"
grep -qx "assert.c:4: 7 new leaks, see Gordian's report" said ||
	fail "the assertion says: $(cat said)"

# The program in the first comment, run as it says there.
sed -n '/#include <gordian.h>/,/^ \*	}$/s/^ \*	//p' \
	"$top/src/gordian.h" >node.c
# shellcheck disable=SC2086
$gcc $strict $include -g -O1 node.c -o node
./node || fail "the first program: exit $?"
"$build/gordian" run --format=none --report=node.jsonl -- ./node
"$build/gordian" report --format=json node.jsonl >node.json
python3 - node.json <<'PYTHON' || fail "the first program: not what it says"
import json
import sys

finding, = json.load(open(sys.argv[1]))["findings"]
assert finding["kind"] == "cycle", finding
assert [m["refcount"] for m in finding["members"]] == [1, 1], finding
PYTHON
exit $failed
