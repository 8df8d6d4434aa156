#!/bin/sh
# configure and the makefiles: in a path with a space and an apostrophe, what is
# configured otherwise is compiled anew and nothing else is, and what is missing
# is named in one line.
set -eu
top=${abs_top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
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

object=tools/libcommand_a-die.o
configure
make $object >log 2>&1 || fail "cannot compile $object"
configure
make -q $object || fail "configured as before, $object is compiled again"
configure --libdir="$scratch/lib"
! make -q $object || fail "configured with another --libdir, $object stays"

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
