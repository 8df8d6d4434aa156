"""What a source says of an allocation: its line is found in clang's syntax
tree, which knows nothing of debug information.

truth(frames, size) takes (file, line) of the frames of the program, innermost
first, and gives what the block is, or None where the source does not say:
- new T, new T[n]: T;
- a call whose void * becomes a T *, by a cast, an assignment, a declaration or a
  return: T. Where T is void or bytes, in a function that returns void *, it is
  a wrapper, and the next frame is asked;
- where T is a structure that the size does not name: the one that it does name,
  sizeof(S), if that fits the block; else T if T has the block's size.
"""
import os
import sys

sys.setrecursionlimit(20000)
sys.path.append("/usr/lib/python3/dist-packages")
try:
    from clang import cindex
    from clang.cindex import CursorKind, TypeKind
except ImportError:
    cindex = None

BYTES = ("void", "char", "signed char", "unsigned char", "std::byte")
DROPPED = ("-c", "-MMD", "-MD", "-MP", "-MM", "-M", "-g", "-pipe")
DROPPED_TWO = ("-o", "-MF", "-MT", "-MQ", "--param")


def arguments(words):
    """Of a compiler's command, what a parser needs."""
    kept, words = [], iter(words)
    for word in words:
        if word in DROPPED_TWO:
            next(words, None)
        elif word in ("-I", "-isystem", "-include", "-D", "-U", "-iquote"):
            kept += [word, next(words, "")]
        elif word.startswith(("-I", "-D", "-U", "-std", "-isystem", "-iquote",
                              "-include", "-pthread", "-x")):
            kept.append(word)
    return kept


class Place:
    """A call that allocates, or may."""

    def __init__(self, cursor, made, result, named, count):
        extent = cursor.extent
        self.start, self.end = extent.start.line, extent.end.line
        self.made, self.result = made, result
        self.named, self.count = named, count


class Truth:
    """What a block is made of: the names that are right, its size."""

    def __init__(self, kind):
        canonical = kind.get_canonical()
        self.names = {kind.spelling, canonical.spelling}
        self.size = max(canonical.get_size(), 0)
        self.is_record = canonical.kind == TypeKind.RECORD
        self.is_pointer = canonical.kind == TypeKind.POINTER
        self.is_bytes = canonical.spelling.replace("const ", "") in BYTES
        if self.is_record:
            if "<" not in canonical.spelling:
                self.names.add(canonical.get_declaration().spelling or
                               kind.spelling)

    def also(self, other):
        """A union that has a place for this is right as well."""
        if other.get_canonical().get_declaration().kind == \
                CursorKind.UNION_DECL:
            self.names |= Truth(other).names
        return self

    @property
    def sort(self):
        if self.is_record:
            return "object"
        return "pointers" if self.is_pointer else "data"


def pointee(kind):
    kind = kind.get_canonical()
    return kind.get_pointee() if kind.kind == TypeKind.POINTER else None


def is_void_pointer(kind):
    inner = pointee(kind)
    return inner is not None and inner.kind == TypeKind.VOID


def returns_memory(kind):
    """A function that does may be a wrapper of an allocator."""
    inner = pointee(kind)
    return inner is not None and \
        inner.spelling.replace("const ", "") in BYTES


def declared(kind):
    """What a pointer type points to, by the name that the source gave it."""
    if kind.kind == TypeKind.POINTER:
        return kind.get_pointee()
    return pointee(kind)


PASSES = (CursorKind.UNEXPOSED_EXPR, CursorKind.PAREN_EXPR,
          CursorKind.CONDITIONAL_OPERATOR, CursorKind.CSTYLE_CAST_EXPR,
          CursorKind.CXX_STATIC_CAST_EXPR,
          CursorKind.CXX_REINTERPRET_CAST_EXPR,
          CursorKind.StmtExpr) if cindex else ()


def converted(above):
    """What the void * of a call becomes, by the expressions it stands in."""
    for cursor in reversed(above):
        if cursor.kind not in PASSES:
            break
        inner = declared(cursor.type)
        if inner is None:
            break
        if inner.get_canonical().kind != TypeKind.VOID:
            return inner
    return None


def words(call):
    """Those of a call as the program has it, not those of a macro's body."""
    start, end = call.extent.start, call.extent.end
    unit = call.translation_unit
    extent = cindex.SourceRange.from_locations(*(
        cindex.SourceLocation.from_position(unit, one.file, one.line,
                                            one.column)
        for one in (start, end)))
    return [token.spelling for token in unit.get_tokens(extent=extent)]


def sizes_named(call, made):
    """The structures that a call's arguments name, sizeof or offsetof."""
    found = []
    if is_record(made):
        name = made.spelling.split()[-1].split("::")[-1]
        if name in words(call):
            found.append(made)
    for cursor in call.walk_preorder():
        if cursor.kind != CursorKind.CXX_UNARY_EXPR:
            continue
        inside = next(cursor.get_children(), None)
        if inside is None or not is_record(inside.type):
            continue
        # sizeof(S *) has the same children as sizeof(S)
        tokens = [token.spelling for token in cursor.get_tokens()]
        if inside.kind != CursorKind.TYPE_REF or \
                tokens[:1] != ["sizeof"] or "*" not in tokens:
            found.append(inside.type)
    return found


def is_placed(new):
    """new (where) T allocates nothing. What a macro hides may."""
    words = [token.spelling for token, _ in zip(new.get_tokens(), range(6))]
    return "new" not in words or "nothrow" not in words and \
        words[words.index("new") + 1:][:1] == ["("]


class Unit:
    """The places of one translation unit, by file."""

    def __init__(self, path, words, tree):
        self.places, self.tree, self.names = {}, tree, {}
        unit = cindex.Index.create().parse(path, args=words)
        for cursor in unit.cursor.get_children():
            file = cursor.location.file
            if file and self.inside(file.name):
                self.walk(cursor, [], None)

    def inside(self, name):
        if name not in self.names:
            path = os.path.realpath(name)
            self.names[name] = path if path.startswith(self.tree) else None
        return self.names[name]

    def walk(self, cursor, above, result):
        if cursor.kind in (CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD,
                           CursorKind.FUNCTION_TEMPLATE):
            result = cursor.result_type
        elif cursor.kind == CursorKind.LAMBDA_EXPR:
            result = None
        if cursor.kind == CursorKind.CXX_NEW_EXPR and not is_placed(cursor):
            self.add(cursor, declared(cursor.type), result)
        elif cursor.kind == CursorKind.CALL_EXPR and \
                is_void_pointer(cursor.type):
            self.add(cursor, converted(above), result)
        above.append(cursor)
        for child in cursor.get_children():
            self.walk(child, above, result)
        above.pop()

    def add(self, cursor, made, result):
        file = cursor.extent.start.file
        file = self.inside(file.name) if file else None
        new = cursor.kind == CursorKind.CXX_NEW_EXPR
        place = Place(cursor, made, result, [] if new else
                      sizes_named(cursor, made), None)
        self.places.setdefault(file, []).append(place)

    def at(self, file, line):
        """The innermost of those that the line is part of."""
        found = [place for place in self.places.get(file, ())
                 if place.start <= line <= place.end]
        return min(found, key=lambda p: (p.end - p.start, -p.start),
                   default=None), len(found)


def is_open(kind):
    """It depends on a template's parameter."""
    while kind.get_canonical().kind == TypeKind.POINTER:
        kind = kind.get_canonical().get_pointee()
    return kind.get_canonical().kind in (TypeKind.UNEXPOSED, TypeKind.DEPENDENT)


def is_record(kind):
    return kind is not None and \
        kind.get_canonical().kind == TypeKind.RECORD


def fits(kind, size):
    unit = kind.get_canonical().get_size()
    return unit > 0 and size % unit == 0


def same(one, other):
    return one.get_canonical() == other.get_canonical()


def chosen(place, size):
    """The type of a place for a block of that size; None: not certain."""
    made, named = place.made, place.named
    if made is not None and is_open(made):
        return None
    if made is None:
        exact = [kind for kind in named if kind.get_size() == size]
        return Truth(exact[0]) if exact else None
    if is_record(made) and not any(same(made, kind) for kind in named):
        for kind in named:
            if fits(kind, size):
                return Truth(kind).also(made)
        return Truth(made) if made.get_size() == size else None
    return Truth(made)


class Sources:
    """The sources of one build, by the compiler's commands that were noted."""

    def __init__(self, tree, commands):
        self.tree = os.path.realpath(tree) + "/"
        self.commands, self.units = {}, {}
        for name in sorted(os.listdir(commands)):
            with open(os.path.join(commands, name)) as file:
                place, *words = file.read().split("\n")
            for word in words:
                if word.endswith((".c", ".cc", ".cpp", ".cxx", ".C")):
                    path = os.path.realpath(os.path.join(place, word))
                    if os.path.exists(path):
                        self.commands.setdefault(
                            path, (place, arguments(words)))

    def unit(self, path):
        if path not in self.units:
            place, words = self.commands[path]
            words = words + ["-working-directory", place]
            try:
                self.units[path] = Unit(path, words, self.tree)
            except cindex.TranslationUnitLoadError:
                self.units[path] = None
        return self.units[path]

    def unit_of(self, file, outer):
        """The unit that has the places of a file: its own, one of the frames
        outside of it, any."""
        header = file.endswith((".h", ".hh", ".hpp", ".hxx", ".ipp"))
        for path in [file, *outer, *(() if header else self.commands)]:
            unit = self.unit(path) if path in self.commands else None
            if unit and file in unit.places:
                return unit
        return None

    def truth(self, frames, size):
        """(what the block is or None, the frame that says so)"""
        files = [os.path.realpath(file) for file, _ in frames]
        data = None, 0
        for i, (_, line) in enumerate(frames):
            unit = self.unit_of(files[i], files[i + 1:])
            place, many = unit.at(files[i], line) if unit else (None, 0)
            if not place:
                return data if data[0] else (None, i)
            truth = chosen(place, size)
            if truth and not truth.is_bytes:
                return (truth, i) if many == 1 or alike(unit, files[i], line) \
                    else (None, i)
            if not truth and is_record(place.made):
                return None, i  # a pool, or with a header
            if not (place.result and returns_memory(place.result)):
                return truth, i
            data = (truth, i) if truth else data
        return data


def alike(unit, file, line):
    """Whether all that allocates on a line makes the same."""
    made = {place.made.get_canonical().spelling if place.made else None
            for place in unit.places[file] if place.start <= line <= place.end}
    return len(made) == 1
