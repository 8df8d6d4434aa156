"""Our own C sources, read by their regular form: what a header declares, and
what a file uses. For the checks beside this file."""

import os
import re

TYPES = r"\b(struct|union|enum) (\w+)"
NO_USE = {"struct", "union", "enum", ".", "->"}
# A name after these is used; after any other word it is declared.
USES = {"return", "else", "case", "goto", "do", "sizeof", "if", "while"}


class Source:
    """One file: its path under the top folder, its text without comments."""

    def __init__(self, top, path):
        self.path = path
        with open(os.path.join(top, path)) as file:
            text = file.read()
        self.includes = re.findall(r'^#\s*include "([^"]+)"', text, re.M)
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
        text = re.sub(r"\\\n", " ", text)
        text = re.sub(r"^#ifdef __cplusplus\n.*?^#endif", "", text,
                      flags=re.M | re.S)
        text = re.sub(r"^#\s*include.*$", "", text, flags=re.M)
        text = re.sub(r'"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])*\'', '""', text)
        self.text = text

    def macros(self):
        return set(re.findall(r"^#\s*define (\w+)\b(?!\n)", self.text, re.M))

    def items(self):
        """What stands outside of braces, a declaration or definition each:
        its words."""
        text = re.sub(r"^#.*$", "", self.text, flags=re.M)
        text = re.sub(r"__attribute__\s*\(\(.*?\)\)(?=\s*[;{\w*])", " ", text,
                      flags=re.S)
        item, depth = [], 0
        for word in re.findall(r"\w+|\S", text):
            item.append(word)
            depth += (word in "({[") - (word in ")}]")
            if depth == 0 and (word == ";" or word == "}" and
                               is_function(item)):
                yield item
                item = []

    def declared(self):
        """Names that others may use, and the types that are described."""
        names, prototypes, types = self.macros(), set(), set()
        for item in self.items():
            types |= {b for a, b, c in zip(item, item[1:], item[2:])
                      if a in ("struct", "union", "enum") and c == "{"}
            names |= constants(item)
            declared = declared_names(item)
            names |= declared
            if item[-1] == ";" and item[0] not in ("typedef", "static"):
                prototypes |= declared
        return names, prototypes, types

    def forward(self):
        """The types that are declared here without being described."""
        return {item[1] for item in self.items()
                if len(item) == 3 and item[0] in ("struct", "union")}

    def names_used(self):
        """But for members, and what a parameter, a variable or a member is
        called in this file."""
        text = re.sub(r"^#\s*define \w+(\([^)]*\))?", ";", self.text,
                      flags=re.M)
        words = [";"] * 3 + re.findall(r"\w+|->|\S", text) + [";"]
        called, used, hidden = set(), set(), set()
        for i in range(3, len(words) - 1):
            word, before = words[i], words[i - 1]
            if not re.match(r"[A-Za-z_]", word) or before in NO_USE:
                continue
            if words[i + 1] == "(":
                called.add(word)
            elif not word.isupper() and is_declared(words[i - 3:i]):
                hidden.add(word)
            else:
                used.add(word)
        return called | used - hidden


def is_declared(before):
    """By the words before a name."""
    if before[2] == "*":
        return before[0] == "struct" or bool(
            re.fullmatch(r"\w+_t|char|int|void|bool|\*", before[1]))
    return before[2].isidentifier() and before[2] not in USES


def is_function(item):
    """A body follows ')' directly."""
    brace = item.index("{") if "{" in item else 0
    return brace and item[brace - 1] == ")" and "=" not in item[:brace]


def constants(item):
    """Of the enums in a declaration."""
    names, inside = set(), 0
    for i, word in enumerate(item):
        if word == "{":
            inside = inside + 1 if inside else int("enum" in item[max(0, i - 2):i])
        elif word == "}" and inside:
            inside -= 1
        if inside == 1 and word in "{," and item[i + 1] != "}":
            names.add(item[i + 1])
    return names


def flat(item):
    """Without what stands in braces or brackets."""
    out, depth = [], 0
    for word in item:
        depth -= word in "}]"
        if depth == 0 and word not in "{}[]":
            out.append(word)
        depth += word in "{["
    return out


def declared_names(item):
    """Those of functions, variables and typedefs."""
    words = flat(item)
    if "=" in words:
        words = words[:words.index("=")] + [";"]
    if words[0] in ("_Static_assert", "static_assert") or len(words) < 3:
        return set()
    if "(" in words:
        at = words.index("(")
        return {words[at + 2] if words[at + 1] == "*" else words[at - 1]}
    if len(words) == 3 and words[0] in ("struct", "union", "enum"):
        return set()
    return {a for a, b in zip(words, words[1:])
            if b in ",;" and not a.isupper()}


def sources(top, folder):
    """All of a folder's, by path."""
    found = {}
    for where, _, names in os.walk(os.path.join(top, folder)):
        for name in names:
            if re.search(r"\.[ch]$", name):
                path = os.path.relpath(os.path.join(where, name), top)
                found[path] = Source(top, path)
    return dict(sorted(found.items()))
