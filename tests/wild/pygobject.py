"""Mixtapes #63: a row that a page shows has a handler that closes over the page.
Mended: the handler knows the page weakly. mousam #260: a forecast connects its
own methods to the buttons that it shows. Mended: it disconnects them before it
is replaced. In both GObject alone holds what has the handler, where Python's
collector does not look. Lists and actions stand for widgets, which need a
display. pygobject.py page|forecast [mended]"""
import gc
import sys
import weakref

try:
    from gi.repository import Gio, GObject
except ImportError:
    sys.exit(77)

MENDED = len(sys.argv) > 2


class Shown(GObject.Object):
    def __init__(self):
        super().__init__()
        self.rows = Gio.ListStore.new(Gio.SimpleAction)

    def add(self, name):
        row = Gio.SimpleAction.new(name, None)
        self.rows.append(row)
        return row

    def press(self):
        self.rows.get_item(0).activate(None)


class Page(Shown):
    def __init__(self):
        super().__init__()
        row = self.add("song")
        if MENDED:
            page = weakref.ref(self)
            row.connect("activate", lambda *a: page().play())
        else:
            row.connect("activate", lambda *a: self.play())

    def play(self):
        self.playing = "song"

    def leave(self):
        assert self.playing == "song"


class Forecast(Shown):
    def __init__(self):
        super().__init__()
        button = self.add("hourly")
        self.handlers = [button.connect("activate", self.on_toggled)]

    def on_toggled(self, button, parameter):
        self.chosen = button.get_name()

    def leave(self):
        assert self.chosen == "hourly"
        if MENDED:
            self.rows.get_item(0).disconnect(self.handlers.pop())


def show(kind):
    shown = kind()
    shown.press()
    shown.leave()
    return weakref.ref(shown)


kept = [show(Page if sys.argv[1] == "page" else Forecast) for _ in range(10)]
gc.collect()
assert sum(know() is not None for know in kept) == (0 if MENDED else 10)
