"""The programs that clean.py runs, and the leaks of theirs that are known."""
import os
import re
import sys


class Known:
    """A leak that is real. where: a pattern that a frame's function, or its
    module's name, matches in each member; at_end: only while the process ends: in
    its last scan, in the one before, which its end may meet too, or in others
    since when it has only freed."""

    def __init__(self, where, why, kind="lost", at_end=False):
        self.where, self.why = re.compile(where), why
        self.kind, self.at_end = kind, at_end

    def covers(self, finding, scans):
        if finding["kind"] != self.kind:
            return False
        if self.at_end and not self.ends(finding["first_scan"], scans):
            return False
        return all(self.is_of(member) for member in finding["members"])

    @staticmethod
    def ends(first, scans):
        blocks = [scan["blocks"] for scan in scans if scan["n"] >= first]
        return len(blocks) <= 2 or blocks == sorted(blocks, reverse=True)

    def is_of(self, member):
        names = [frame["function"] or "" for frame in member["stack"]] + [
            os.path.basename(frame["module"] or "")
            for frame in member["stack"]]
        return any(self.where.fullmatch(name) for name in names)


AS = Known("x86_64-linux-gnu-as", "as keeps neither its list of include "
           "files nor its sections' fixups; seen by valgrind")
DRIVER = Known(r"x86_64-linux-gnu-(gcc|g\+\+)-\d+|collect2|.*-ld(\.bfd)?",
               "specs and paths of the driver, of collect2 and of ld; seen "
               "by valgrind")
CC1PLUS = Known("register_include_chains.*",
                "the copy of a path; seen by valgrind")
SORT = Known("sort", "the last key of the command line and the list of "
             "files; seen by valgrind")
GIT_DIFF = Known("git", "the diff's queue; seen by valgrind")
GDB = Known("gdb", "names of the index of its symbols; seen by valgrind")
GIO = Known("g_file_enumerator_.*|gio|g_object_new.*",
            "gio forgets its enumerator; seen by valgrind",
           kind="excess-ref")

THREADS = r"""
import json, re, threading
kept = []
def work(n):
    for i in range(150):
        kept.append(json.loads(json.dumps({str(i): list(range(n))})))
        re.sub("[0-9]", "x", json.dumps(kept[-1]))
threads = [threading.Thread(target=work, args=(n,)) for n in (5, 10, 20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(kept))
"""
CHILDREN = r"""
import multiprocessing, subprocess
def f(n): return sum(range(n))
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(sum(pool.map(f, range(100))))
    print(subprocess.run(["echo", "hi"], capture_output=True).stdout)
"""
SQL = """create table t(a, b);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000)
insert into t select x, x * 7 % 1000 from c;
create index i on t(b);
select count(*), sum(a) from t where b < 10;
select * from t order by b, a limit 3;"""
NODE = """let a = [];
for (let i = 0; i < 1e5; i++) a.push({i, s: "x" + i, b: Buffer.from("y" + i)});
const {Worker} = require("worker_threads");
const text = "require('worker_threads').parentPort.postMessage(6 * 7)";
new Worker(text, {eval: true}).on("message", n => console.log(n));
require("zlib").gzip(Buffer.alloc(1e6), () => console.log(a.length));"""
PERL_TEXT = r"""my %h; push @{$h{$_ % 100}}, "x$_" for 1..20000;
print scalar keys %h, "\n"; $_ = "abc"; print "m\n" if /b(c)/; exit 3"""
PERL_THREADS = r"""my @t = map {
    threads->create(sub { my @a = map {{x => $_}} 1..2000; scalar @a })
} 1..4; print $_->join, "\n" for @t"""
RUBY_TEXT = """require "set"
class Node; attr_accessor :ref; end
1000.times { a, b = Node.new, Node.new; a.ref = b; b.ref = a }
threads = 4.times.map { Thread.new { (1..2000).map(&:to_s).to_set.size } }
threads.each(&:join)
at_exit { puts "bye" }
puts `echo hi`, [3, 1, 2].sort.inspect"""
LUA_TEXT = """local t = {}
for i = 1, 20000 do t[i] = {ref = t[i - 1], s = "k" .. i} end
local go = coroutine.wrap(function() coroutine.yield(#t) end)
print(go(), table.concat({"a", "b"}, ","))"""
PHP_TEXT = """class Node { public $ref; }
for ($i = 0; $i < 2000; $i++) {
    $a = new Node; $b = new Node; $a->ref = $b; $b->ref = $a; }
echo count(array_map(fn($x) => $x * 2, range(1, 1000))), shell_exec("echo hi");"""
# What ICU keeps, in variables of a library of an extension's.
PHP_LETTERS = """if (!extension_loaded("intl")) exit(77);
$letters = ["z", "a"]; (new Collator("de_DE"))->sort($letters);
echo implode($letters), (new NumberFormatter("de", 1))->format(1234.5);"""
BASH = """for i in {1..40}; do x=$(echo $i); a[$i]=$x; done; echo ${#a[@]}
ls / | sed s/a/b/ | wc -l; declare -A m; m[x]=1; trap 'echo bye' EXIT
echo wrong >&2; (exit 3)"""
TCL = "proc f n {expr {$n < 2 ? $n : [f [expr {$n - 1}]] + " \
      "[f [expr {$n - 2}]]}}\nputs [f 17]\n"

# GHashTable keeps 32-bit pointers where the heap lies below 4 GiB: Debian's
# python3 is no PIE.
GOBJECTS = r"""
from gi.repository import GLib, GObject, Gio
class Thing(GObject.GObject):
    __gsignals__ = {"hit": (GObject.SignalFlags.RUN_FIRST, None, (int,))}
    name = GObject.Property(type=str)
def on(*args): pass
things = [Thing() for i in range(50)]
for thing in things:
    thing.connect("hit", on)
    thing.connect("notify::name", on)
group = Gio.SimpleActionGroup()
for i in range(20):
    action = Gio.SimpleAction.new("a%d" % i, None)
    action.connect("activate", on)
    group.add_action(action)
loop = GLib.MainLoop()
left = [20]
def tick():
    left[0] -= 1
    for thing in things:
        thing.name = str(left[0])
        thing.emit("hit", left[0])
    if not left[0]: loop.quit()
    return left[0] > 0
GLib.timeout_add(5, tick)
loop.run()
files = Gio.File.new_for_path("/").enumerate_children("*", 0, None)
print(len([file.get_name() for file in files]) > 3)
"""
GI = Known("g_callable_info_prepare_closure",
           "types of a callback's arguments; seen by valgrind")

# By gc.get_referrers() nothing refers to them, and their count is one.
GI_ENUM = Known("pyg_enum_.*|_gi\\..*", "names of one value, as "
                "GDK_2BUTTON_PRESS", kind="excess-ref")
GTK = r"""
import sys
try:
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import GLib, Gtk
except (ImportError, ValueError):
    sys.exit(77)
if not Gtk.init_check()[0]: sys.exit(77)
window = Gtk.Window(title="window")
box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
window.add(box)
store = Gtk.ListStore(str, int)
for i in range(50): store.append(["row %d" % i, i])
rows = Gtk.TreeView(model=store)
rows.append_column(Gtk.TreeViewColumn("a", Gtk.CellRendererText(), text=0))
box.add(rows)
for i in range(5):
    button = Gtk.Button(label="button")
    button.connect("clicked", lambda widget: None)
    box.add(button)
box.add(Gtk.Entry())
window.connect("destroy", Gtk.main_quit)
left = list(range(20))
def tick():
    label = Gtk.Label(label="label")
    box.add(label)
    label.show()
    GLib.idle_add(label.destroy)
    left.pop()
    if not left: window.destroy()
    return bool(left)
GLib.timeout_add(10, tick)
window.show_all()
Gtk.main()
print("closed")
"""
GSTREAMER = ["gst-launch-1.0", "-q", "videotestsrc", "num-buffers=50", "!",
             "fakesink"]

# A pattern that is kept, by whoever uses fonts.
PATTERNS = r"""
import ctypes, sys
try: library = ctypes.CDLL("libfontconfig.so.1")
except OSError: sys.exit(77)
library.FcPatternCreate.restype = ctypes.c_void_p
library.FcCharSetCreate.restype = ctypes.c_void_p
kept = [ctypes.c_void_p(library.FcPatternCreate()) for i in range(20)]
for i, one in enumerate(kept):
    library.FcPatternAddString(one, b"family", b"Sans %d" % i)
    library.FcPatternAddInteger(one, b"weight", 80)
    letters = ctypes.c_void_p(library.FcCharSetCreate())
    for k in range(0, 4000, 90): library.FcCharSetAddChar(letters, k * i)
    library.FcPatternAddCharSet(one, b"charset", letters)
    library.FcCharSetDestroy(letters)
"""

CALLED = """
#include <stdlib.h>
#include <string.h>
static void *volatile kept;
void Java_J_leak(void *env, void *class) { kept = malloc(4711); kept = NULL; }
"""

CALLING = """class J { static native void leak();
public static void main(String[] a) { System.loadLibrary("called");
for (int i = 0; i < 100; i++) leak(); } }"""

DROPPED = """
#include <stdlib.h>
void leak(void) { for (int i = 0; i < 100; i++) calloc(1, 48); }
"""

# The strings of dead values lay where the blocks do.
DROPPING = """require DynaLoader;
my $library = DynaLoader::dl_load_file("./libdropped.so");
my $leak = DynaLoader::dl_find_symbol($library, "leak");
DynaLoader::dl_install_xsub("main::leak", $leak);
{ my @strings = map { "x" x 38 . ($_ % 10) } 1..1000; }
leak();"""

EMBEDDING = """
void ruby_sysinit(int *argc, char ***argv);
void ruby_init_stack(volatile void *at);
void ruby_init(void);
void ruby_init_loadpath(void);
int ruby_cleanup(int status);
void *rb_eval_string_protect(const char *text, int *state);
int main(int argc, char **argv) {
	void *here;
	int state;
	ruby_sysinit(&argc, &argv);
	ruby_init_stack(&here);
	ruby_init();
	ruby_init_loadpath();
	rb_eval_string_protect("require 'json'; $a = (1..1000).map(&:to_s)", &state);
	rb_eval_string_protect("def f(x) x * 2 end; puts f(4)", &state);
	return ruby_cleanup(0);
}"""

ELSEWHERE = """
#include <stdlib.h>
#include <string.h>
static void *volatile kept;
void here(void) { kept = malloc(40); }
void there(void) { kept = malloc(40); }
int main(int argc, char **argv) {
	if (argc > 1 && strstr(getenv("LD_PRELOAD"), "lsan"))
		there();
	else
		here();
	kept = NULL;
	memset(__builtin_alloca(4096), 0, 4096);
	return 0;
}"""

# name, words; then: stdin, env, known, any_order (of the lines)
PROGRAMS = [
    ("true", ["true"], {}),
    ("ls", ["ls", "-la", "/usr/lib"], {}),
    ("sort", ["sort", "-n", "numbers"], {"known": [SORT]}),
    ("bash", ["bash", "-c", BASH], {}),
    ("git log", ["git", "-C", "repo", "log", "-p", "--stat"], {}),
    ("git status", ["git", "-C", "repo", "status"], {}),
    ("git diff", ["git", "-C", "repo", "diff", "HEAD~2"],
     {"known": [GIT_DIFF]}),
    ("git fsck", ["git", "-C", "repo", "fsck"], {}),
    ("perl", ["perl", "-e", PERL_TEXT], {}),
    ("perl with modules", ["perl", "-MPOSIX", "-MData::Dumper", "-e",
                           "print Dumper([1, 2, {a => floor(2.5)}])"], {}),
    ("perl with threads", ["perl", "-Mthreads", "-e", PERL_THREADS], {}),
    ("ruby", ["ruby", "-e", RUBY_TEXT], {}),
    ("lua", ["lua5.4", "-e", LUA_TEXT], {}),
    ("php", ["php", "-r", PHP_TEXT], {}),
    ("php with ICU", ["php", "-r", PHP_LETTERS], {}),
    ("sqlite3", ["sqlite3", ":memory:", SQL], {}),
    ("openssl dgst", ["openssl", "dgst", "-sha256", "numbers"], {}),
    ("openssl x509", ["openssl", "x509", "-in", "cert.pem", "-noout",
                      "-text"], {}),
    ("xz", ["xz", "-T2", "--block-size=100000", "-c", "numbers"], {}),
    ("node", ["node", "-e", NODE], {"any_order": True}),
    ("g++", ["g++", "-O1", "-c", "-o", "/dev/null", "a.cc"],
     {"known": [AS, DRIVER, CC1PLUS]}),
    ("g++ linking", ["g++", "-o", "/dev/null", "a.cc"],
     {"known": [AS, DRIVER, CC1PLUS]}),
    ("python3", [sys.executable, "-c", THREADS], {}),
    ("python3 on its own", [sys.executable, "-c", THREADS],
     {"env": {"PYTHONMALLOC": "pymalloc"}}),
    ("python3 isolated", [sys.executable, "-I", "-c", THREADS], {}),
    ("python3 with children", [sys.executable, "-c", CHILDREN], {}),
    ("python3 with gi", ["/usr/bin/python3", "-c", GOBJECTS],
     {"known": [GI], "module": "gi"}),
    ("fc-match", ["fc-match", "-s", "sans"], {}),
    ("fontconfig", [sys.executable, "-c", PATTERNS], {"module": "ctypes"}),
    ("java", ["java", "-Xshare:auto", "H.java"], {}),
    ("java, serial", ["java", "-XX:+UseSerialGC", "H.java"], {}),
    ("java, parallel", ["java", "-XX:+UseParallelGC", "H.java"], {}),
    ("java, Shenandoah", ["java", "-XX:+UseShenandoahGC", "H.java"], {}),
    ("rustc", ["rustc", "--version"],
     {"mute": True, "env": {"HOME": os.environ.get("HOME", "/")}}),
    ("clang++", ["clang++", "-O1", "-c", "-o", "/dev/null", "a.cc"], {}),
    ("make -j2", ["make", "-s", "-j2", "-C", "tree"],
     {"any_order": True, "known": [SORT]}),
    ("tar | gzip", ["bash", "-c", "tar -cf - repo | gzip | gzip -d | wc -c"],
     {}),
    ("awk", ["awk", "{s[$1 % 100] += $2} END {for (k in s) n++; print n}",
             "numbers"], {}),
    ("sed", ["sed", "-n", "s/1/2/gp", "numbers"], {}),
    ("find", ["find", "/usr/include", "-name", "*.h"], {}),
    ("grep", ["grep", "-rc", "include", "repo"], {}),
    ("vim", ["vim", "-es", "-u", "NONE", "-c", "%s/1/2/g", "-c", "qa!",
             "numbers"], {}),
    ("gdb", ["gdb", "-batch", "-ex", "info line main", "/bin/true"],
     {"known": [GDB]}),
    ("ssh", ["ssh", "-V"], {}),
    ("curl", ["curl", "-s", "file:///etc/passwd"], {}),
    ("cmake", ["cmake", "--version"], {}),
    ("tmux", ["tmux", "-V"], {}),
    ("tclsh", ["tclsh"], {"stdin": TCL}),
    ("jq", ["jq", ".a|add"], {"stdin": '{"a": [1, 2, 3]}'}),
    ("zstd", ["zstd", "-T2", "-c", "numbers"], {}),
    ("gio list", ["gio", "list", "/usr"], {"known": [GIO]}),
    ("gstreamer", GSTREAMER, {}),
    ("gio tree", ["gio", "tree", "repo"], {"known": [GIO]}),
]
