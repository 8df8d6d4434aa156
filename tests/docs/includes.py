"""Each file includes the headers of ours whose names it uses, and no other.

usage: includes.py [FOLDER…]     default: src tools, of the tree around it"""

import os
import re
import sys

from csource import TYPES, sources

TOP = os.environ.get("abs_top_srcdir") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Headers:
    """Which declare a name, which describe a type."""

    def __init__(self, files):
        self.names, self.types = {}, {}
        for path, source in files.items():
            if path.endswith(".h"):
                names, _, types = source.declared()
                for name in names:
                    self.names.setdefault(name, set()).add(path)
                for name in types:
                    self.types.setdefault(name, set()).add(path)

    def used(self, source, here):
        """{headers: what is used of them}: one of those headers will do, of
        the file's own folder, or included."""
        used = {}
        own_names, _, own_types = source.declared()
        near = source.path.split("/")[0] + "/"
        found = [(name, self.names.get(name, ()))
                 for name in source.names_used() - own_names]
        found += [(f"{kind} {name}", self.types.get(name, ()))
                  for kind, name in set(re.findall(TYPES, source.text))
                  if name not in own_types]
        for what, headers in found:
            headers = frozenset(h for h in headers
                                if h in here or h.startswith(near))
            if headers:
                used.setdefault(headers, set()).add(what)
        return used


def pointers_alone(source, used):
    """Types that are declared here and only pointed at."""
    return all(what.split()[-1] in source.forward() and
               not re.search(rf"\b{what}\b(?!\s*[*;])", source.text)
               for what in used)


def own_header(path):
    return re.sub(r"c$", "h", path)


def problems(files):
    headers = Headers(files)
    roots = ["src/", "tools/", ""]
    for path, source in files.items():
        here = {root + name for name in source.includes for root in roots
                if root + name in files}
        used = headers.used(source, here)
        for these, what in used.items():
            if not these & (here | {path}) and \
                    not pointers_alone(source, what):
                yield (f"{path}: uses {', '.join(sorted(what)[:3])} without "
                       f"including {' or '.join(sorted(these))}")
        own = own_header(path)
        if own in files and own not in here | {path}:
            yield f"{path}: does not include {own}"
        wanted = set().union(*used) | {own}
        for header in sorted(here - wanted):
            yield f"{path}: uses nothing of {header}, which it includes"


def main(folders):
    files = {}
    for folder in folders or ("src", "tools"):
        files.update(sources(TOP, folder))
    found = list(problems(files))
    for problem in found:
        print(problem)
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
