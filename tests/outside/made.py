"""Reports written by hand, and what the schema says of the JSON that the
command makes of them."""
import json
import os
import re
import shutil
import subprocess

from common import GORDIAN, SECONDS, Skip, TOP

SCHEMA = json.load(open(os.path.join(TOP, "doc", "report.schema.json")))


def gordian(*args, stdin=b"", env=None, **rest):
    """status, standard output, standard error"""
    environment = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
    environment.update(env or {})
    done = subprocess.run([GORDIAN, *args], input=stdin, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=SECONDS, **rest)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


# What the schema says, as far as ours says it.

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool,
         "null": type(None)}


def is_type(value, name):
    if name in ("integer", "number"):
        kinds = (int,) if name == "integer" else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def validate(value, schema, where="$"):
    if "$ref" in schema:
        validate(value, SCHEMA["$defs"][schema["$ref"].split("/")[-1]], where)
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices:
        for choice in choices:
            try:
                validate(value, choice, where)
                break
            except AssertionError:
                pass
        else:
            raise AssertionError(f"{where}: fits none")
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    assert not names or any(is_type(value, n) for n in names), \
        f"{where}: {value!r} is no {names}"
    assert "const" not in schema or value == schema["const"], where
    assert "enum" not in schema or value in schema["enum"], \
        f"{where}: {value!r}"
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for key in schema.get("required", []):
            assert key in value, f"{where}: no {key}"
        for key, inner in value.items():
            others = schema.get("additionalProperties", {})
            assert key in known or others is not False, \
                f"{where}: {key} is not in the schema"
            validate(inner, known.get(key, others), f"{where}.{key}")
    elif isinstance(value, list):
        assert schema.get("minItems", 0) <= len(value), where
        assert len(value) <= schema.get("maxItems", len(value)), where
        for i, inner in enumerate(value):
            validate(inner, schema.get("items", {}), f"{where}[{i}]")
    elif isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), f"{where}: {value!r}"
    elif isinstance(value, (int, float)) and "minimum" in schema:
        assert value >= schema["minimum"], f"{where}: {value}"


# Report files.

def program(pid=42, **more):
    return {"t": "program", "format": "gordian-lines/1", "run": "r",
            "pid": pid, "argv": ["./it", "x"], "exe": "/nowhere/it", **more}


def finding(ident="00000000000000aa", sizes=(48, 32), edges=None, **more):
    n = len(sizes)
    if edges is None:
        edges = [(i, (i + 1) % n, 8) for i in range(n)]
    return {"t": "finding", "scan": 1, "id": ident, "kind": "cycle",
            "confidence": "certain", "count": 3, "bytes": 3 * sum(sizes),
            "retained_bytes": 0, "retained_blocks": 0, "nested": [],
            "members_total": n,
            "members": [{"address": hex(4096 + 64 * i), "size": size,
                         "stack": 0} for i, size in enumerate(sizes)],
            "edges": [{"from": a, "to": b, "offset": o, "kind": "strong"}
                      for a, b, o in edges],
            "cut": {"edge": n - 1, "reason": "it is the last"} if edges
            else None,
            "stacks": [[[0, 4660]]],
            "modules": [{"path": "/nowhere/it", "build_id": "abcd"}], **more}


def parent_and_child(ident="00000000000000cc", **more):
    """What macros tell of a cycle: all that a report can say."""
    one = finding(ident, stacks=[[[0, 4660]], [[0, 4096], [0, 8192]]],
                  cut={"edge": 1, "reason": "a back pointer's name"}, **more)
    one["members"][0].update(type="Parent", refcount=2, finalizer="drop",
                             resources=["fd 7 /var/log/x", "fd 9 pipe:[5]"])
    one["members"][1].update(type="Child", refcount=1, finalizer="reap")
    one["edges"] = [
        {"from": 0, "to": 1, "offset": 8, "kind": "strong", "field": "kids[0]",
         "stack": 1},
        {"from": 1, "to": 0, "offset": 16, "kind": "strong",
         "field": "parent", "stack": -1},
        {"from": 1, "to": 0, "offset": 24, "kind": "weak", "field": "root"}]
    one["acquires"] = [{"member": 0, "count": 2, "stack": 1},
                       {"member": 1, "count": 1, "stack": 1}]
    return one


def keeper(ident="00000000000000dd", **more):
    """A lost block, what it keeps, and what the words of both tell."""
    one = finding(ident, sizes=(40,), edges=[], kind="lost", cut=None, **more)
    told = {"in": 2, "since": 7, "epoch": 1, "counts": [8, 12],
            "vtable": [0, 4660], "rtti": "N3app4ClubE",
            "points": [[16, [0, 4096]]]}
    one["members"][0].update(told)
    one["kept"] = [{"address": "0x5000", "size": 24, "stack": 0, **told}]
    one["edges"] = [
        {"from": 0, "to": 1, "offset": 8, "into": 16, "kind": "interior"},
        {"from": 1, "to": 1, "offset": 16, "kind": "strong"}]
    return one


def excess(ident="00000000000000ee", acquires=((1, 1),), refcount=3, **more):
    one = finding(ident, sizes=(40,), edges=[], kind="excess-ref", count=2,
                  stacks=[[[0, 4660]], [[0, 4096], [0, 8192], [0, 12288]],
                          [[0, 5000], [0, 8192], [0, 12288]]],
                  references=2, **more)
    one["members"][0].update(type="Node", refcount=refcount)
    one["acquires"] = [{"count": n, "stack": s} for n, s in acquires]
    return one


def misuse(**more):
    return {"t": "warning", "text": "a count fell below zero",
            "stack": [[0, 4660], [0, 8192]],
            "modules": [{"path": "/nowhere/it", "build_id": "abcd"}], **more}


def scan(n=1, **more):
    return {"t": "scan", "n": n, "trigger": "exit", "blocks": 12345,
            "bytes": 99, "objects": 0, "pause_us": 1500, "stopped_threads": 0,
            "child_cpu_ms": 0.5, "peak_child_kb": 10, "findings": 1, **more}


END = {"t": "end", "exit": 0}


def lines(*records):
    return b"".join(r if isinstance(r, bytes) else
                    json.dumps(r).encode() + b"\n" for r in records)


def write(name, *records):
    with open(name, "wb") as file:
        file.write(lines(*records))
    return name


def as_json(*args, status=0):
    code, out, err = gordian("report", "--format=json", *args)
    assert code == status, (code, err)
    report = json.loads(out.decode("utf-8"))
    validate(report, SCHEMA)
    return report


def as_text(*args, status=0, **rest):
    code, out, err = gordian("report", *args, **rest)
    assert code == status, (code, err)
    return out.decode("utf-8", "replace")


# Names.

SOURCE = r"""
#include <stdlib.h>
#define INLINE static inline __attribute__((always_inline))
INLINE void *innermost(size_t n) { return malloc(n); }
INLINE void *middle(size_t n)
{
	return innermost(n + 3);
}
__attribute__((noinline)) void *outermost(size_t n)
{
	void *p = middle(n);
	__asm__ volatile("" : : "r"(p) : "memory");
	return p;
}
int main(void) { return !outermost(5); }
"""


def compiled(name, source, compiler, *flags):
    if not shutil.which(compiler):
        raise Skip(f"no {compiler}")
    suffix = ".cc" if compiler == "g++" else ".c"
    open(name + suffix, "w").write(source)
    subprocess.run([compiler, "-O2", *flags, name + suffix, "-o", name],
                   check=True)
    return os.path.abspath(name)


def build_id(path):
    text = subprocess.run(["readelf", "-n", path], stdout=subprocess.PIPE)
    return re.search(r"Build ID: ([0-9a-f]+)", text.stdout.decode()).group(1)


def call_in(path, function):
    """The address of its call, less one, as in reports."""
    text = subprocess.run(["objdump", "-d", f"--disassemble={function}", path],
                          stdout=subprocess.PIPE).stdout.decode()
    at = re.search(r"call.*\n\s+([0-9a-f]+):", text)
    if not at:
        raise Skip("no call found")
    return int(at.group(1), 16) - 1


# What nobody wants to find in a name.
NASTY = ("<b>&amp;\"'`\\ ]]></failure><script>alert(1)</script>"
         "\x1b[31m\u202e\n\t;{}|#%s\ufffe\U0001f9f5")
ALARMS = ["00000000000000aa", "00000000000000cc", "00000000000000ee"]


def whole():
    """A cycle, one that macros told, one excess reference with bad names; a
    suspect and what is pending are no alarms."""
    bad = excess()
    bad.update(count=7, bytes=280, retained_bytes=1000, retained_blocks=9)
    bad["members"][0]["type"] = NASTY
    bad["modules"][0]["path"] = "/nowhere/" + NASTY
    return write("whole", program(), finding(), parent_and_child(), bad,
                 finding("00000000000000f1", confidence="suspect"),
                 finding("00000000000000f2", pending=True),
                 scan(findings=5), END)


def clean():
    write("clean", program(), scan(findings=0), END)
    return "clean"
