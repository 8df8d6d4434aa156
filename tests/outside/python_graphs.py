"""Makes random graphs of Python objects, drops some of them, and writes which
objects the collector calls unreachable, and what refers to what among them.
The collector is off, so that they stay. Run under gordian:
python_graphs.py SEED GRAPHS FILE"""
import gc
import json
import os
import random
import sys
import threading
import weakref

gc.disable()
SEED, GRAPHS, FILE = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
SOURCE = """
class P{n}_Plain:
    pass
class P{n}_Slots:
    __slots__ = ("a", "b", "c", "__weakref__")
class P{n}_List(list):
    pass
class P{n}_Dict(dict):
    pass
class P{n}_Error(Exception):
    pass
def p{n}_new(kind, r):
    if kind == 0: return P{n}_Plain()
    if kind == 1: return P{n}_Slots()
    if kind == 2: return P{n}_List()
    if kind == 3: return P{n}_Dict()
    if kind == 4: return P{n}_Error("p{n}", [])
    if kind == 5: return []
    if kind == 6: return {{}}
    if kind == 7: return set()
    if kind == 8: return p{n}_closure()
    if kind == 9: return p{n}_generator([])
    if kind == 10: return P{n}_Plain().__init__
    x = P{n}_Plain()
    x.__dict__
    return x
def p{n}_closure():
    held = []
    def inner(): return held
    return inner
def p{n}_generator(held):
    yield held
    yield held
"""
keep = []


def link(a, b, r):
    """Lets a hold b, somehow."""
    name = type(a).__name__
    if name.endswith("_Slots"):
        setattr(a, r.choice("abc"), b)
    elif isinstance(a, list):
        a.append(b if r.random() < .7 else (b, 1))
    elif isinstance(a, dict):
        a[r.choice(["k", "other key", 7, (1, 2)])] = b
    elif isinstance(a, set):
        if getattr(type(b), "__hash__", None):
            a.add(b)
    elif name == "function":
        a.__closure__[0].cell_contents.append(b)
    elif name == "generator":
        held = next(a, None)
        if held is not None:
            held.append(b)
    elif name == "method-wrapper":
        a.__self__.attribute = b
    else:
        setattr(a, r.choice(["one", "two", "three"]), b)


def make(n, r):
    space = {}
    exec(SOURCE.format(n=n), space)
    new = space["p%d_new" % n]
    nodes = [new(r.randrange(12), r) for i in range(r.randrange(1, 12))]
    for i in range(r.randrange(2 * len(nodes) + 1)):
        link(r.choice(nodes), r.choice(nodes), r)
    if r.random() < .2:
        last = r.choice(nodes)
        try:
            keep.append(weakref.ref(last))
        except TypeError:
            pass
    if r.random() < .5:
        keep.append(r.choice(nodes))
    keep.append(space)


for number in range(GRAPHS):
    r = random.Random(SEED * 100000 + number)
    if r.random() < .2:
        thread = threading.Thread(target=make, args=(number, r))
        thread.start()
        thread.join()
    else:
        make(number, r)


def dead():
    """The addresses of what is gone after a collection, also of what a closed
    generator has let go. Only for a process that ends then."""
    before = [(id(o), type(o)) for o in gc.get_objects()]
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gone = {id(o) for o in gc.garbage}
    live = {id(o) for o in gc.get_objects()} - gone
    # live tuples and dictionaries may have left the collector's lists
    return [at for at, kind in before
            if at in gone or at not in live and kind not in (tuple, dict)]


def in_child(work):
    """What work() returns there."""
    read, write = os.pipe()
    if not os.fork():
        with open(write, "w") as file:
            json.dump(work(), file)
        os._exit(0)
    os.close(write)
    with open(read) as file:
        result = json.load(file)
    os.wait()
    return result


def write_graph():
    gone = set(in_child(dead))
    graph = {id(o): [type(o).__name__, [id(to) for to in gc.get_referents(o)
                                        if id(to) in gone]]
             for o in gc.get_objects() if id(o) in gone}
    with open(FILE, "w") as file:
        json.dump(graph, file)


# this process must make no garbage of its own
if not os.fork():
    write_graph()
    os._exit(0)
os.wait()
