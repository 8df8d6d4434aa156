"""What a Rust source says of an allocation: Box, Rc or Arc::new of a structure
that is written there, or of one that a function of its type makes. Only the
text is read; what is not plain is not said."""
import os
import re

CALL = re.compile(r"\b(?:Box|Rc|Arc)::new\(\s*([A-Za-z_]\w*(?:::\w+)*)"
                  r"(?:::<[^>]*>)?\s*([({]?)")
OTHERS = re.compile(r"vec!|\.push|\.insert|\.collect|String|format!|Vec::|"
                    r"\.clone|\.into|to_owned")


class Named:
    """Names that are right, by their ends."""

    def __init__(self, names):
        self.names = {"::" + name for name in names}
        self.sort = "object"


def named(path, opened):
    """A::B { and A::B( make a B, or an A of which B is a variant; A::new( an
    A."""
    parts = [part for part in path.split("::") if part[0].isupper()][-2:]
    if not parts or not opened or "Self" in parts:
        return None
    if not path.split("::")[-1][0].isupper():
        parts = parts[-1:]
    return Named(parts)


class Sources:
    def __init__(self, tree):
        self.tree, self.files = os.path.realpath(tree) + "/", {}

    def lines(self, file):
        if file not in self.files:
            with open(file, errors="replace") as text:
                self.files[file] = text.read().split("\n")
        return self.files[file]

    def truth(self, frames, _size):
        """(what the block is or None, the frame that says so)"""
        file, line = frames[0]
        here = self.lines(file)[line - 1]
        after = " ".join(self.lines(file)[line - 1:line + 2])
        found = CALL.findall(here) or CALL.findall(after)[:1]
        if len(found) != 1 or OTHERS.search(here) or "::new" not in here:
            return None, 0
        return named(*found[0]), 0
