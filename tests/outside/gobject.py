#!/usr/bin/env python3
"""Real mistakes with GObject, on the GLib that is installed: each is found,
with its exact count, and its cure is silent. Live objects are never called
leaked, however they are entangled."""
import json
import os
import subprocess
import sys

from common import TOP, Skip, check, is_alarm, main, run, start, GORDIAN

LIBRARIES = ["-l:libgio-2.0.so.0", "-l:libgobject-2.0.so.0",
             "-l:libglib-2.0.so.0"]
PYTHON = "/usr/bin/python3"


WRAPPED = """import gc, sys, weakref
try:
    from gi.repository import Gio, GObject
except ImportError:
    sys.exit(77)
class Item(GObject.Object):
    pass
def make(leaks):
    store = Gio.ListStore.new(Item)
    item = Item()
    if leaks:
        item.connect("notify", lambda *a: store)
    else:
        weak = weakref.ref(store)
        item.connect("notify", lambda *a: weak())
    store.append(item)
for i in range(10):
    make(len(sys.argv) < 2)
for i in range(5):
    make(False)
gc.collect()
"""


LIVE = """import gc, sys, weakref
try:
    from gi.repository import Gio, GLib, GObject
except ImportError:
    sys.exit(77)
class Item(GObject.Object):
    other = GObject.Property(type=GObject.Object)
class Holder:
    pass
def entangle(n):
    store = Gio.ListStore.new(Item)
    for i in range(n):
        item = Item()
        item.store, item.me = store, item
        item.connect("notify", lambda *a, item=item: (item, store))
        store.append(item)
        if i:
            store.get_item(i - 1).bind_property("other", item, "other")
        item.other = store.get_item(0)
    return store
stores = [entangle(20) for i in range(5)]      # only GObjects hold the items
handlers = Gio.SimpleAction.new("x", None)
for i in range(20):
    holder = Holder()
    holder.action, holder.item = handlers, Item()
    handlers.connect("activate", lambda *a, holder=holder: holder)
del holder
later = [Item() for i in range(20)]
for item in later:
    item.data = [item]
    GLib.timeout_add_seconds(1000, lambda item=item: item)
del later, item
weak = [weakref.ref(store.get_item(3)) for store in stores]
gc.collect()
for i in range(3000):
    GLib.MainContext.default().iteration(False)
    stores[i % 5].get_item(i % 20).me.store.get_n_items()
assert all(w() is not None for w in weak)
"""


CALLED = """import sys, weakref
try:
    from gi.repository import GLib, GObject
except ImportError:
    sys.exit(77)
class Clock:
    def __init__(self):
        self.source = GLib.Timeout(100000)
        weak = weakref.WeakMethod(self.tick)
        self.source.set_callback(self.tick if len(sys.argv) < 2 else
                                 lambda *rest: weak()())
    def tick(self, *rest):
        return True
class Live(GObject.Object):      # only C leads to it
    def __init__(self):
        super().__init__()
        GLib.timeout_add(100000, self.tick)
    def do_notify(self, which):  # nor does anything else lead to a method
        pass
    tick = Clock.tick
for i in range(10):
    Live()
    Clock()
"""


def build(name, libraries, *flags):
    done = subprocess.run(
        ["cc", "-O1", "-g", "-w", *flags,
         os.path.join(TOP, "tests", "outside", name + ".c"),
         "-o", name, *libraries], stderr=subprocess.PIPE)
    if done.returncode:
        raise Skip("these libraries are not installed: " +
                   " ".join(libraries))
    return "./" + name


def program(*flags):
    return build("gobject-leaks", LIBRARIES, *flags)


def report(*words, options=""):
    code, out, err = run("--format=none --report=x.jsonl " + options, *words)
    if code == 77:
        raise Skip("PyGObject is not installed")
    assert code == 0, (words, code, out, err)
    code, out, err = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    assert code == 0, err
    return json.loads(out)


def alarms(found):
    return [f for f in found["findings"] if is_alarm(f)]


def only(found, kind, count, *types):
    """The one finding, of that many instances, with members of these types."""
    found = alarms(found)
    assert [(f["kind"], f["count"]) for f in found] == [(kind, count)], \
        [(f["kind"], f["count"], [m["type"] for m in f["members"]])
         for f in found]
    names = [m["type"] for m in found[0]["members"]]
    for name in types:
        assert name in names, (name, names)
    return found[0]


@check
def forgotten_objects_are_named():
    leaks = program()
    for mistake, name in (("handler", "GCancellable"),
                          ("children", "GCancellable"), ("task", "GTask"),
                          ("enumerator", "GFileInfo"),
                          ("weakly", "GCancellable"),
                          ("object", "GCancellable"),
                          ("bound", "GSimpleAction")):
        found = only(report(leaks, mistake), "excess-ref", 10, name)
        member = found["members"][0]
        assert member["runtime"] == "gobject", member
        assert member["refcount"] == 1, member
        assert not alarms(report(leaks, mistake, "cured")), mistake


@check
def sources_contexts_and_counted_memory():
    """Lists of contexts and of sources own nothing."""
    leaks = program()
    for mistake, name in (("source", "GSource"), ("destroyed", "GSource"),
                          ("context", "GMainContext"), ("loop", "GMainLoop"),
                          ("bytes", "GBytes"), ("table", "GHashTable")):
        found = only(report(leaks, mistake), "excess-ref", 10, name)
        member = found["members"][0]
        assert member["runtime"] == "glib", member
        assert member["refcount"] == 1, member
        assert not found["nested"], found["nested"]
        assert not alarms(report(leaks, mistake, "cured")), mistake


@check
def what_glib_counts_besides():
    """Arrays, values and what is allocated with a count before it."""
    leaks = build("glib-leaks", LIBRARIES)
    for mistake, name in (("pointers", "GPtrArray"), ("numbers", "GArray"),
                          ("bytes", None), ("variant", "GVariant"),
                          ("floating", "GVariant"), ("child", "GVariant"),
                          ("box", None), ("unshared", None)):
        found = only(report(leaks, mistake), "excess-ref", 10)
        member = found["members"][0]
        assert (member["runtime"], member["refcount"]) == ("glib", 1), member
        if name:
            assert member["type"] == name, member
        assert not found["nested"], found["nested"]
        assert not alarms(report(leaks, mistake, "cured")), mistake
    found = alarms(report(leaks, "twice"))
    assert [(f["kind"], f["members"][0]["refcount"]) for f in found] == \
        [("lost", None), ("excess-ref", 2)], found
    assert not alarms(report(leaks, "twice", "cured"))
    only(report(leaks, "registered"), "cycle", 10, "GPtrArray",
         "GCancellable", "GClosure")
    assert not alarms(report(leaks, "registered", "cured"))
    for options in "", "--interval=0.01 --budget=100 --threshold=50":
        assert not report(leaks, "live", options=options)["findings"]


@check
def unused_places_of_a_table():
    leaks = program()
    found = only(report(leaks, "unused"), "lost", 10)
    assert found["members"][0]["size"] == 72, found["members"][0]
    assert not alarms(report(leaks, "unused", "cured"))


@check
def parameters_of_properties():
    leaks = program()
    found = only(report(leaks, "parameter"), "excess-ref", 10, "GParamBoolean")
    assert found["members"][0]["refcount"] == 1, found["members"][0]
    assert not alarms(report(leaks, "parameter", "cured"))


@check
def what_gstreamer_counts():
    """Buffers' memory and caps' structures know who has them."""
    leaks = build("gstreamer-leaks", ["-l:libgstreamer-1.0.so.0"])
    for mistake, name in (("buffer", "GstBuffer"), ("twice", "GstBuffer"),
                          ("caps", "GstCaps"), ("message", "GstMessage"),
                          ("event", "GstEvent")):
        found = only(report(leaks, mistake), "excess-ref", 10, name)
        assert found["members"][0]["refcount"] == 1, found["members"][0]
        assert not found["nested"], found["nested"]
        assert not alarms(report(leaks, mistake, "cured")), mistake
    for options in "", "--interval=0.01 --budget=100 --threshold=50":
        assert not alarms(report(leaks, "live", options=options))


@check
def what_a_source_calls_with():
    """With a function that frees it, a callback's data are owned."""
    leaks = program()
    only(report(leaks, "callback"), "cycle", 10, "GCancellable", "GSource")
    assert not alarms(report(leaks, "callback", "cured"))
    only(report(leaks, "borrowed"), "excess-ref", 10, "GCancellable")
    assert not alarms(report(leaks, "borrowed", "cured"))


@check
def a_toggle_reference_owns_one_way():
    leaks = program()
    found = only(report(leaks, "toggled"), "lost", 10)
    assert found["members"][0]["size"] == 24, found["members"][0]
    assert not alarms(report(leaks, "toggled", "cured"))


@check
def a_socket_names_its_descriptor():
    found = only(report(program(), "opened"), "excess-ref", 10, "GSocket")
    name, = found["members"][0]["resources"]
    assert "fd " in name and "socket" in name, name


@check
def a_handler_that_owns_its_instance():
    leaks = program()
    found = only(report(leaks, "itself"), "cycle", 10, "GCancellable",
                 "GClosure")
    fields = {e["field"] for e in found["edges"]}
    assert {"<signal notify>", "data"} <= fields, found["edges"]
    assert not alarms(report(leaks, "itself", "cured"))


@check
def a_handler_that_owns_the_owner():
    leaks = program()
    found = only(report(leaks, "owner"), "cycle", 10, "GSimpleActionGroup",
                 "GSimpleAction", "GClosure")
    assert "<signal activate>" in {e["field"] for e in found["edges"]}
    assert not alarms(report(leaks, "owner", "cured"))


@check
def a_function_that_closes_over_a_wrapper():
    """CPython's collector cannot see that a list of GObjects holds an item.
    Some cells come from its lists of free objects, so that their stacks
    differ: the instances are of more than one finding. An old word of a frame
    may keep the last."""
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")
    found = alarms(report(PYTHON, "-c", WRAPPED))
    assert {f["kind"] for f in found} == {"cycle"}, found
    assert sum(f["count"] for f in found) in (9, 10), found
    for f in found:
        types = {m["type"] for m in f["members"]}
        assert {"GListStore", "GClosure", "function", "cell"} <= types, types
    assert not [f for f in alarms(report(PYTHON, "-c", WRAPPED, "cured"))
                if f["kind"] != "lost"]


@check
def live_objects_are_silent():
    leaks = program()
    for options in "", "--interval=0.01 --budget=100 --threshold=50":
        assert not alarms(report(leaks, "live", options=options))


@check
def live_wrappers_are_silent():
    """Attributes, handlers, bindings and sources hold them, from both sides.
    PyGObject loses types of a callback's arguments."""
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")
    for options in "", "--interval=0.05 --budget=100":
        found = alarms(report(PYTHON, "-c", LIVE, options=options))
        assert not [f for f in found if f["kind"] != "lost"], found
        for f in found:
            assert "g_callable_info_prepare_closure" in {
                s["function"] for s in f["members"][0]["stack"]}, f


@check
def functions_are_owned_by_who_calls_them():
    """And not by libffi, which made code for them."""
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")
    found = report(PYTHON, "-c", CALLED)
    found["findings"] = [f for f in found["findings"] if f["kind"] != "lost"]
    count = sum(f["count"] for f in alarms(found))
    assert count in (9, 10), count  # an old word may hold one
    only(found, "cycle", count, "Clock", "Timeout", "GSource", "method")
    found = alarms(report(PYTHON, "-c", CALLED, "cured"))
    assert not [f for f in found if f["kind"] != "lost"], found
    for f in found:
        assert "g_callable_info_prepare_closure" in {
            s["function"] for s in f["members"][0]["stack"]}, f


@check
def pointers_of_32_bits_hold():
    """Tables keep them while they fit, in a program that is no PIE."""
    found = report(program("-no-pie"), "live")["findings"]
    assert not found, found


if __name__ == "__main__":
    sys.exit(main())
