"""DuckDB, from its package for Node.js, by its functions for C."""
import ctypes
import os

from npm import package


class Result(ctypes.Structure):
    """duckdb_result; only its functions look into it."""
    _fields_ = [("inside", ctypes.c_uint64 * 6)]


class Database:
    def __init__(self):
        self.lib = ctypes.CDLL(os.path.join(
            package("@duckdb/node-bindings-linux-x64", "1.5.6-r.1"),
            "libduckdb.so"))
        for name, returns in (
                ("duckdb_result_error", ctypes.c_char_p),
                ("duckdb_column_name", ctypes.c_char_p),
                ("duckdb_value_varchar", ctypes.c_char_p),
                ("duckdb_row_count", ctypes.c_uint64),
                ("duckdb_column_count", ctypes.c_uint64)):
            getattr(self.lib, name).restype = returns
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        assert not self.lib.duckdb_open(None, ctypes.byref(self.database))
        assert not self.lib.duckdb_connect(self.database,
                                           ctypes.byref(self.connection))

    def query(self, text):
        """The rows, each a dictionary of texts."""
        result = Result()
        at = ctypes.byref(result)
        failed = self.lib.duckdb_query(self.connection, text.encode(), at)
        assert not failed, self.lib.duckdb_result_error(at).decode()
        names = [self.lib.duckdb_column_name(at, ctypes.c_uint64(i)).decode()
                 for i in range(self.lib.duckdb_column_count(at))]
        rows = []
        for row in range(self.lib.duckdb_row_count(at)):
            values = [self.lib.duckdb_value_varchar(
                at, ctypes.c_uint64(i), ctypes.c_uint64(row))
                for i in range(len(names))]
            rows.append({name: value and value.decode()
                         for name, value in zip(names, values)})
        self.lib.duckdb_destroy_result(at)
        return rows
