"""See pydrake.cc, which is built as a module here. pydrake.py [mended]"""
import gc
import sys
import weakref

sys.path.insert(0, ".")
import pydrake  # pylint: disable=wrong-import-position

MENDED = len(sys.argv) > 1


class Logger(pydrake.LeafSystem):
    def __init__(self):
        super().__init__()
        if MENDED:
            self.declare_periodic_publish_event_mended(self.log)
        else:
            self.declare_periodic_publish_event(self.log)

    def log(self):
        self.logged = True


def simulate():
    system = Logger()
    system.publish()
    assert system.logged
    return weakref.ref(system)


kept = [simulate() for _ in range(10)]
gc.collect()
assert sum(know() is not None for know in kept) == (0 if MENDED else 10)
