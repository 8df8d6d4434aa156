#!/usr/bin/env python3
"""The page for browsers, opened, clicked and measured in Chromium."""
import html.parser
import os
import re
import shutil
import subprocess
import sys

from browser import Browser
from common import check, main, Skip
from made import (
    clean, END, finding, gordian, keeper, NASTY, program, scan, whole, write)

# The ratio of luminances of each text with its ground; WCAG 2.1 asks for 4.5.
CONTRAST = """(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => (v /= 255) <= 0.03928
      ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3]) return c;
    }
    return [255, 255, 255];
  };
  const bad = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    const a = light(rgb(getComputedStyle(e).color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([walk.currentNode.data, ratio]);
  }
  return bad;
})()"""

# What has no name for a screen reader, or a heading that skips a level.
NAMELESS = """(() => {
  const bad = [];
  for (const e of document.querySelectorAll('input, select, textarea'))
    if (!e.labels.length || !e.labels[0].textContent.trim())
      bad.push(e.outerHTML);
  for (const e of document.querySelectorAll('svg, [role=img]'))
    if (!e.getAttribute('aria-label')) bad.push(e.outerHTML);
  for (const e of document.querySelectorAll('button, a, summary, section'))
    if (!e.textContent.trim() && !e.getAttribute('aria-label'))
      bad.push(e.outerHTML);
  let level = 0;
  for (const e of document.querySelectorAll('h1, h2, h3, h4')) {
    if (+e.tagName[1] > level + 1) bad.push(e.outerHTML);
    level = +e.tagName[1];
  }
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  if (new Set(ids).size !== ids.length) bad.push('an id twice');
  if (!document.documentElement.lang || !document.title) bad.push('no title');
  return bad;
})()"""


def page(name, *files):
    code, _, err = gordian("report", "--format=html", "-o", name, *files)
    assert (code, err) == (0, ""), (code, err)
    return open(name, encoding="utf-8").read()


def many(n):
    """A report of n findings with eight scans."""
    records = [program()]
    for number in range(1, 9):
        if number > 6:
            records += [finding(f"{i:016x}", scan=number, count=i % 9 + number)
                        for i in range(n)]
        records.append(scan(number, blocks=1000 * number, findings=n
                            if number > 6 else 0))
    return write("many", *records, END)


@check
def nothing_of_a_report_is_markup():
    whole()
    text = page("whole.html", "whole")
    tags = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append(tag)
            for name, value in attributes:
                assert name not in ("src", "onclick", "onload"), (tag, name)
                assert name != "href" or value.startswith("#"), value

    Reader().feed(text)
    assert tags.count("script") == 2 and "b" not in tags, tags
    assert "alert(1)" in text and "<script>alert" not in text


@check
def a_page_loads_nothing():
    whole()
    text = page("whole.html", "whole")
    assert "default-src 'none'" in text
    outside = re.sub(r'(?s)<script type="application/json".*?</script>', "",
                     text)
    assert re.findall(r"https?://\S+", outside) == \
        ['http://www.w3.org/2000/svg";'], re.findall(r"https?://\S+", outside)


@check
def findings_are_drawn_and_unfold():
    whole()
    page("whole.html", "whole")
    with Browser() as browser:
        browser.open("whole.html")
        rows = "document.querySelectorAll('details.finding').length"
        assert browser.value(rows) == 5
        assert browser.value("document.querySelectorAll('.ring').length") == 3
        first = browser.value(
            "document.querySelector('details.finding').innerText")
        assert NASTY.split("<")[0] in first
        ring = browser.value("document.getElementById("
                             "'f-00000000000000cc').innerText")
        for word in ("Parent", ".kids[0]", ".parent", "leads back to Parent",
                     "cut here", "its name is that of a back pointer"):
            assert word in ring, (word, ring)
        assert browser.value("document.querySelectorAll('h2').length") >= 3
        assert browser.value("document.scripts.length") == 2
        assert not browser.complaints, browser.complaints


@check
def what_one_keeps_is_told():
    """As the text tells it; a comma in a name ends no name."""
    one = keeper(count=5, retained_bytes=120, retained_blocks=5)
    one["members"][0]["type"] = "pair<int, char>"
    write("keeper.jsonl", program(), one, scan(), END)
    write("fewer.jsonl", program(), keeper(), scan(), END)
    _, text, _ = gordian("report", "keeper.jsonl")
    assert b"    one keeps app::Club\n" in text, text
    page("keeper.html", "--baseline=fewer.jsonl", "keeper.jsonl")
    with Browser() as browser:
        browser.open("keeper.html")
        text = browser.value(
            "document.querySelector('details.finding').innerText")
        for words in ("5 × pair<int, char>\n", "one keeps\napp::Club\n",
                      "in 5 instances, 3 in the baseline"):
            assert words in text, (words, text)


@check
def hosts_are_told():
    files = [write(host, program(host=host), finding(count=count), scan(), END)
             for host, count in (("web1", 2), ("web\u202e2<b>", 3))]
    page("hosts.html", *files)
    with Browser() as browser:
        browser.open("hosts.html")
        text = browser.value(
            "document.querySelector('details.finding').innerText")
        assert "3 on web?2<b>, 2 on web1" in text, text
        assert not browser.complaints, browser.complaints


@check
def search_sort_and_filter():
    whole()
    page("whole.html", "whole")
    with Browser() as browser:
        browser.open("whole.html")
        titles = "[...document.querySelectorAll('details.finding')]" \
                 ".map((e) => e.id)"
        typed = "search.value = '%s'; search.dispatchEvent(new Event('input'))"
        browser.value(typed % "child kids")
        assert browser.value(titles) == ["f-00000000000000cc"]
        assert "1 of 5" in browser.value(
            "document.getElementById('shown').textContent")
        browser.value(typed % "no such thing")
        assert browser.value(titles) == []
        browser.value(typed % "")
        browser.value("sort.value = 'count';"
                      "sort.dispatchEvent(new Event('change'))")
        assert browser.value(titles)[0] == "f-00000000000000ee"
        browser.value("[...document.querySelectorAll('#filters label')].find("
                      "(e) => e.textContent === 'cycles')"
                      ".querySelector('input').click()")
        assert browser.value(titles) == ["f-00000000000000ee"]
        assert not browser.complaints, browser.complaints


@check
def the_issue_text_is_copied():
    whole()
    page("whole.html", "whole")
    with Browser() as browser:
        browser.open("whole.html")
        browser.value("navigator.clipboard.writeText = async (text) => "
                      "{ window.copied = text; }; 1")
        browser.value("document.querySelector('#f-00000000000000cc button')"
                      ".click()")
        text = browser.value("new Promise((done) => setTimeout(() => "
                             "done(window.copied), 50))")
        assert text.startswith("### cycle: 3 × Parent ⇄ Child"), text
        assert "```\nCYCLE" in text and "✂" in text, text


@check
def keys_reach_everything():
    whole()
    page("whole.html", "whole")
    with Browser() as browser:
        browser.open("whole.html")
        seen = []
        for _ in range(30):
            browser.key("Tab", 9)
            seen.append(browser.value("document.activeElement.tagName + ' ' + "
                                      "document.activeElement.className"))
        for want in "A skip", "INPUT ", "SELECT ", "SUMMARY ", "BUTTON ":
            assert want in seen, (want, seen)
        browser.value("document.querySelector("
                      "'#f-00000000000000cc summary').focus()")
        state = "document.getElementById('f-00000000000000cc').open"
        before = browser.value(state)
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="Enter",
                     code="Enter", windowsVirtualKeyCode=13, text="\r")
        browser.call("Input.dispatchKeyEvent", type="keyUp", key="Enter",
                     code="Enter", windowsVirtualKeyCode=13)
        assert browser.value(state) != before


@check
def it_is_readable_in_light_and_dark_on_every_width():
    whole()
    many(12)
    page("whole.html", "whole")
    page("many.html", "many")
    with Browser() as browser:
        for name in "whole.html", "many.html":
            browser.open(name)
            for scheme in "light", "dark":
                browser.call("Emulation.setEmulatedMedia", features=[
                    {"name": "prefers-color-scheme", "value": scheme}])
                for width in 360, 1024, 1920:
                    browser.call("Emulation.setDeviceMetricsOverride",
                                 width=width, height=900, mobile=width < 500,
                                 deviceScaleFactor=1)
                    assert browser.value(
                        "document.documentElement.scrollWidth") <= width
                    assert browser.value(CONTRAST) == []
            assert browser.value(NAMELESS) == []
        assert not browser.complaints, browser.complaints


@check
def plots_say_what_they_show():
    many(3)
    page("many.html", "many")
    with Browser() as browser:
        browser.open("many.html")
        said = browser.value("[...document.querySelectorAll('svg')].map("
                             "(e) => e.getAttribute('aria-label'))")
        assert any("Blocks in use: 1,000 at scan 1, 8,000 at scan 8" in text
                   for text in said), said
        assert any(re.match("Instances over the scans: 7 at scan 7, 8 at "
                            "scan 8", text) for text in said), said


@check
def one_scan_is_told_without_a_curve():
    page("one.html", write("one", program(), finding(), scan(), END))
    with Browser() as browser:
        browser.open("one.html")
        assert browser.value("document.querySelectorAll('svg').length") == 0
        text = browser.value("document.getElementById('plots').innerText")
        assert "Blocks in use" in text and "Pauses" in text, text
        body = browser.value("document.querySelector('.body').innerText")
        assert "in scan 1" in body and "to scan" not in body, body
        assert not browser.complaints, browser.complaints


@check
def processes_have_names():
    page("two.html", *(write(name, program(pid, exe="/x/" + name),
                             finding(scan=1), scan(1), finding(scan=2),
                             scan(2), END)
                       for pid, name in ((7, "shop"), (8, "till"))))
    with Browser() as browser:
        browser.open("two.html")
        text = browser.value("document.querySelector('.facts').innerText")
        assert "7 (shop), 8 (till)" in text, text
        plot = browser.value("document.querySelector('.plot figcaption')"
                             ".innerText")
        assert plot == "Instances over the scans, of process 8 (till)", plot


@check
def headers_are_folded_in_stacks():
    source = "#include <memory>\nstruct node { std::shared_ptr<node> next; };" \
             "\nint main() { auto a = std::make_shared<node>(); " \
             "a->next = a; }\n"
    open("ring.cc", "w", encoding="utf-8").write(source)
    if not shutil.which("c++"):
        raise Skip("no c++")
    subprocess.run(["c++", "-g", "-O0", "-o", "ring", "ring.cc"], check=True)
    code, _, _ = gordian("run", "--quiet", "--report=ring.jsonl", "./ring")
    assert not code
    page("ring.html", "ring.jsonl")
    with Browser() as browser:
        browser.open("ring.html")
        browser.value("document.querySelector('.stack').open = true")
        text = browser.value("document.querySelector('.stack').innerText")
        assert "frames in C++ headers" in text and "new_allocator" not in text, text
        assert re.search(r"main \S*ring\.cc:3", text), text
        folded = "document.querySelectorAll('.stack ol ol > li').length"
        number = "document.querySelector('.stack > ol > li + li').value"
        assert browser.value(number) == browser.value(folded) + 1 > 2


@check
def what_grows_is_shown():
    place = {"t": "growing", "scan": 9, "place": 7, "bytes": 4800,
             "count": [10, 20, 30, 40, 50, 60, 70, 100], "stack": 0,
             "address": "0x10", "held": "root", "block": "0x10", "size": 48,
             "retained_bytes": 96, "retained_blocks": 2,
             "root": {"kind": "memory", "address": "0x5000"},
             "members": [{"address": "0x10", "size": 48, "stack": 0,
                          "type": "<b>Session"}],
             "edges": [], "folds": [], "stacks": [[[-1, 16]]], "modules": []}
    held = {"t": "growing", "scan": 9, "place": 8, "bytes": 1000, "within": 7,
            "count": [10, 20, 30, 40, 50, 60, 70, 100], "stack": 0,
            "address": "0x20", "held": "root", "size": 10,
            "members": [{"address": "0x20", "size": 10, "stack": 0}],
            "edges": [], "folds": [], "stacks": [[[-1, 32]]], "modules": []}
    page("growing.html", write("growing", program(), held, place, scan(9),
                               END))
    with Browser() as browser:
        browser.open("growing.html")
        places = "#growing > details"
        assert browser.value(
            f"document.querySelectorAll('{places}').length") == 2
        first = browser.value(f"document.querySelector('{places}').innerText")
        assert "10 → 100 blocks of <b>Session" in first, first
        nested = browser.value(
            f"document.querySelector('{places}.nested').innerText")
        assert "held by the blocks of" in nested, nested
        browser.value(f"document.querySelector('{places}').open = true")
        said = browser.value("document.querySelector('#growing svg')"
                             ".getAttribute('aria-label')")
        assert "10 at scan 2, 100 at scan 9" in said, said
        text = browser.value("document.querySelector('#growing').innerText")
        assert "memory mapped at 0x5000" in text, text
        assert browser.value(CONTRAST) == []
        assert browser.value(NAMELESS) == []
        assert "1 place grows" not in text
        assert not browser.complaints, browser.complaints


@check
def a_thousand_findings_are_all_there():
    many(1000)
    page("many.html", "many")
    with Browser() as browser:
        browser.open("many.html")
        assert browser.value(
            "document.querySelectorAll('details.finding').length") == 1000
        assert browser.value("document.querySelectorAll('.body').length") == 3
        assert not browser.complaints, browser.complaints


@check
def a_clean_report_says_so():
    page("clean.html", clean())
    with Browser() as browser:
        browser.open("clean.html")
        assert browser.value("document.getElementById('verdict').textContent"
                             ) == "Nothing leaked"
        assert not browser.complaints, browser.complaints


@check
def sources_are_shown_but_no_other_files():
    """A report of Python code names files itself: it may come from anybody."""
    open("ring.py", "w", encoding="utf-8").write("".join(
        f"line {n} <i>\n" for n in range(1, 30)))
    open("secret.key", "w", encoding="utf-8").write("hush\n" * 30)
    os.symlink("secret.key", "ring.c")
    os.mkfifo("pipe.py")
    here = os.getcwd()
    for name, shown in ("ring.py", b"line 12 \\u003ci>"), \
            ("secret.key", None), ("ring.c", None), ("none.py", None), ("pipe.py", None), \
            ("/dev/zero", None), ("/etc/passwd", None):
        one = finding(modules=[{"path": "python", "build_id": ""}],
                      python=[{"function": "make", "line": 12,
                               "file": os.path.join(here, name)}])
        one["stacks"] = [[[0, 0]]]
        write("placed", program(), one, scan(), END)
        code, out, err = gordian("report", "--format=html", "placed")
        assert not code, err
        assert b'"excerpts":[]' in out if not shown else shown in out, name
        assert b"hush" not in out


@check
def paper_has_whole_lines():
    """Nobody can scroll it, and grounds are not printed."""
    open("ring.py", "w", encoding="utf-8").write(f"{'x' * 900}\n" * 5)
    one = finding(modules=[{"path": "python", "build_id": ""}],
                  python=[{"function": "make", "line": 2,
                           "file": os.path.abspath("ring.py")}])
    one["stacks"] = [[[0, 0]]]
    write("placed", program(), one, scan(), END)
    page("placed.html", "placed")
    with Browser() as browser:
        browser.open("placed.html")
        for media, whole_lines in ("screen", False), ("print", True):
            browser.call("Emulation.setEmulatedMedia", media=media)
            wide = browser.value("(() => { const e = document.querySelector("
                                 "'pre'); return e.scrollWidth <= "
                                 "e.clientWidth; })()")
            bold = browser.value("getComputedStyle(document.querySelector("
                                 "'.here')).fontWeight")
            assert (wide, bold == "700") == (whole_lines, whole_lines), \
                (media, wide, bold)


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
