#!/usr/bin/env python3
"""doc/report-format.md tells of each key what doc/report.schema.json says of it,
and has no other. "check-form.py --write" makes the page anew."""
import json
import os
import sys

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(TOP, "doc", "report-format.md")
HEAD = """\
# The report as JSON

What `gordian report --format=json` prints, and with that option `gordian run` and
`gordian check`, key by key. [report.schema.json](report.schema.json) says the same
to programs: this page is made from it by `tests/docs/check-form.py --write`.
{about} The file that a program writes while it runs is another form:
[design/report.md](design/report.md).

"""
WORDS = {"integer": "number", "number": "number", "string": "text",
         "boolean": "true or false", "null": "null", "object": "object"}
SIMPLE = {"count": "number", "text_or_null": "text or null",
          "address_or_null": "address or null"}


def kind(schema):
    """What a value is, in words."""
    if "$ref" in schema:
        name = schema["$ref"].split("/")[-1]
        return SIMPLE.get(name) or f"[{name}](#{name})"
    if "anyOf" in schema:
        return " or ".join(kind(choice) for choice in schema["anyOf"][::-1])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return ", ".join(value or "null" for value in schema["enum"])
    if schema["type"] == "array":
        return "list of " + kind(schema["items"])
    if isinstance(schema["type"], list):
        return " or ".join(WORDS[name] for name in schema["type"])
    if isinstance(schema.get("additionalProperties"), dict):
        return "object of numbers"
    return WORDS[schema["type"]]


def inner(schema):
    """An object that stands in the place of its key; or None."""
    choices = [schema, schema.get("items", {}), *schema.get("anyOf", [])]
    return next((c for c in choices if "properties" in c), None)


def rows(schema, prefix=""):
    for key, value in schema["properties"].items():
        about = value.get("description")
        assert about, f"{prefix}{key} has no description"
        assert key in schema["required"] or about.startswith("Only"), \
            f"{prefix}{key} may be absent: its description begins with Only"
        yield f"| `{prefix}{key}` | {kind(value)} | {about} |\n"
        if inner(value):
            yield from rows(inner(value), f"{prefix}{key}.")


def table(schema):
    """What an object has; of one that has several forms, each."""
    if "oneOf" in schema:
        return "".join(form["description"] + "\n\n" + table(form)
                       for form in schema["oneOf"])
    if "properties" not in schema:
        return f"A {kind(schema)}.\n\n"
    return "| key | what | meaning |\n|---|---|---|\n" + \
        "".join(rows(schema)) + "\n"


def section(name, schema):
    text = f"## {name}\n\n"
    if "description" in schema and name != "report":
        text += schema["description"] + "\n\n"
    return text + table(schema)


def page():
    with open(os.path.join(TOP, "doc", "report.schema.json"),
              encoding="utf-8") as file:
        schema = json.load(file)
    parts = [("report", schema)] + [
        (name, part) for name, part in schema["$defs"].items()
        if name not in SIMPLE]
    return (HEAD.format(about=schema["description"]) + "".join(
        section(name, part) for name, part in parts)).rstrip() + "\n"


def main():
    if sys.argv[1:] == ["--write"]:
        text = page()
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    with open(PAGE, encoding="utf-8") as file:
        if file.read() == page():
            return 0
    print("doc/report-format.md is not what the schema says: run "
          "tests/docs/check-form.py --write")
    return 1


if __name__ == "__main__":
    sys.exit(main())
