#!/bin/sh
# configure and the makefiles: in a path with a space and an apostrophe, what is
# configured otherwise is compiled anew and nothing else is, and what is missing
# is named in one line. Linux's headers may be those of 2021.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree="$scratch/it's a tree"
mkdir -p "$tree/build"
ln -s "$top"/* "$tree/" 2>/dev/null || :
rm -rf "$tree/build"
mkdir "$tree/build"
cd "$tree/build"
unset MAKEFLAGS MFLAGS MAKELEVEL

fail()
{
	echo "$*"
	cat log
	exit 1
}

configure()
{
	../configure -C "$@" >log 2>&1 || fail "configure $*: exit $?"
}

# Numbers of system calls that Linux 5.10 did not have.
grep -rhoE 'SYS_[a-z0-9_]+' ../src/ --include='*.[ch]' | sort -u >names
{
	echo '#include <sys/syscall.h>'
	sed 's/SYS_\(.*\)/number "\1" &/' names
} | ${CC:-cc} -E - | awk '$1 == "number" && $3 + 0 > 440 { print "SYS_" $2 }' |
	tr -d '"' >new
grep -q . names || fail "no system calls?"
while read -r name; do
	grep -rqE "define $name\\b" ../src/ --include='*.[ch]' ||
		{ echo "no number of its own for $name" >log; fail; }
done <new

object=tools/common/libcommand_a-die.o
configure
make install-dist_rulesDATA DESTDIR="$scratch/root" >log 2>&1 ||
	fail "cannot install the rules"
make uninstall-dist_rulesDATA uninstall-hook DESTDIR="$scratch/root" >log 2>&1 || fail "cannot uninstall"
! find "$scratch/root" -name '*gordian*' | grep . >log ||
	fail "uninstall leaves:"
make $object >log 2>&1 || fail "cannot compile $object"
make test-suite.log TEST_LOGS= >log 2>&1 || fail "cannot make test-suite.log"
configure
make -q $object >log 2>&1 || fail "configured as before, $object is compiled again"
configure --libdir="$scratch/lib"
! make -q $object >log 2>&1 || fail "configured with another --libdir, $object stays"

# A C library that is too old.
mkdir "$scratch/old"
printf '#!/bin/sh\necho glibc 2.31\n' >"$scratch/old/getconf"
chmod +x "$scratch/old/getconf"
! PATH="$scratch/old:$PATH" ../bootstrap build >log 2>&1 ||
	fail "built with glibc 2.31"
grep -q '^bootstrap: glibc 2.35 or newer is needed .* 2.31$' log ||
	fail "no word of glibc"

# A pkg-config that does not know libunwind.
cat >"$scratch/pkg-config" <<'SH'
#!/bin/sh
case "$*" in *libunwind*) exit 1 ;; esac
exec pkg-config "$@"
SH
chmod +x "$scratch/pkg-config"
rm config.cache
! ../configure PKG_CONFIG="$scratch/pkg-config" >out 2>log ||
	fail "configured without libunwind"
[ "$(grep -c . log)" = 1 ] && grep -q "package 'libunwind-dev'" log ||
	fail "without libunwind, configure says:"
