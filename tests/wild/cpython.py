"""schwehr/libais #226: each list that a message's dictionary is given keeps the
reference of its maker, since PyDict_SetItemString() takes its own. Mended: the
maker's is given back. rogerbinns/apsw #416: the function that a connection was
given leads back to it by SQLite's memory, in which no collector looks. Mended:
the connection is closed. cpython.py message|store [mended]"""
import ctypes
import sqlite3
import sys

MENDED = len(sys.argv) > 2
api = ctypes.pythonapi
api.PyDict_New.restype = api.PyList_New.restype = ctypes.c_void_p
api.PyList_New.argtypes = [ctypes.c_ssize_t]
api.PyDict_SetItemString.argtypes = [ctypes.c_void_p, ctypes.c_char_p,
                                     ctypes.c_void_p]
api.Py_DecRef.argtypes = [ctypes.c_void_p]


FIELDS = b"id", b"repeat", b"mmsi", b"seq", b"dac", b"fi", b"departure"


def message():
    result, cargos = api.PyDict_New(), api.PyList_New(0)
    for name in FIELDS:
        api.PyDict_SetItemString(result, name, id(None))
    api.PyDict_SetItemString(result, b"cargos", cargos)
    if MENDED:
        api.Py_DecRef(cargos)
    api.Py_DecRef(result)


class Store:
    def __init__(self):
        self.connection = sqlite3.connect(":memory:")
        self.connection.create_function("score", 1, self.score)

    def score(self, x):
        return x

    def close(self):
        if MENDED:
            self.connection.close()


for _ in range(10):
    if sys.argv[1] == "message":
        message()
    else:
        Store().close()
