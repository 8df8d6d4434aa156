"use strict";

/* What turns the writing round, or drives a terminal once it is copied. */
const CONTROL = new RegExp("[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f" +
	"\\u2028-\\u202e\\u2066-\\u2069]", "g");
const report = JSON.parse(document.getElementById("data").textContent,
	(key, value) => typeof value === "string" ? value.replace(CONTROL, "?") : value);
const findings = report.findings;
const byId = new Map(findings.map((finding) => [finding.id, finding]));

/* Makes an element. Text is text: nothing of a report is read as HTML. */
function make(name, attributes, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {}))
		if (value !== null && value !== undefined && value !== false)
			element.setAttribute(key, value === true ? "" : value);
	element.append(...children.filter((child) => child !== null && child !== undefined));
	return element;
}

function number(value) {
	return value.toLocaleString("en-US");
}

function plural(n, one, many) {
	return `${number(n)} ${n === 1 ? one : many}`;
}

function size(bytes) {
	const units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
	if (bytes < 10000)
		return plural(bytes, "byte", "bytes");
	let value = bytes / 1024, unit = 0;
	for (; value >= 1023.95 && unit + 1 < units.length; unit++)
		value /= 1024;
	return `${value.toFixed(1)} ${units[unit]}`;
}

/* Which part of the page a finding is in; the parts in their order. */
const PARTS = [
	["program", "In the program"],
	["library", "Allocated inside of libraries"],
	["pending", "Pending: a collector frees these when it next runs"],
	["known", "In the baseline"],
	["suspect", "Suspects: not proved, and no alarms"],
	["gone", "Gone: a later scan no longer had these"],
];

function partOf(finding) {
	if (finding.gone)
		return "gone";
	if (finding.known)
		return "known";
	if (finding.confidence === "suspect")
		return "suspect";
	if (finding.pending)
		return "pending";
	return finding.origin && finding.origin !== "program" ? "library" : "program";
}

for (const finding of findings)
	finding.part = partOf(finding);

/* The finding that holds it, if that is shown in the same part. */
const holders = new Map();
for (const finding of findings)
	for (const id of finding.nested)
		if (byId.has(id) && !holders.has(id))
			holders.set(id, finding);

function label(member) {
	return member.type || size(member.size);
}

function field(edge) {
	if (!edge.field)
		return `+${edge.offset}${edge.kind === "interior" ? " interior" : ""}`;
	return edge.field.startsWith("[") ? edge.field : `.${edge.field}`;
}

/* What a member, and the head, was made by. */
function makerOf(finding, index) {
	return (finding.makers[index] || []).filter(Boolean).join("  ");
}

function whereOf(finding) {
	return makerOf(finding, finding.head || 0);
}

function objectBox(finding, index) {
	const member = finding.members[index];
	const maker = makerOf(finding, index);
	return make("span", {class: "object"}, make("b", {}, label(member)), " ",
		maker ? make("span", {}, maker) : null);
}

/* "  (2 alike)": other fields that differ in an index alone lead to the like. */
function alikeText(finding, edge) {
	const shape = (other) => `${other.from} ${(other.field || "").replace(/\[\d+\]/g, "[]")} ` +
		label(finding.members[other.to]);
	const n = edge.field ? finding.edges.filter((other) => shape(other) === shape(edge)).length : 1;
	return n > 1 ? `  (${n} alike)` : "";
}

function edgeLine(finding, edge, last) {
	const isCut = finding.cut && finding.edges[finding.cut.edge] === edge;
	const line = make("div", {class: isCut ? "edge cut" : "edge"},
		make("span", {class: "arrow", "aria-hidden": "true"}, last ? "↰" : "↓"),
		make("code", {}, field(edge)), alikeText(finding, edge),
		last ? ` leads back to ${label(finding.members[edge.to])}` : "");
	if (isCut)
		line.append(make("span", {class: "advice"},
			` ✂ cut here: ${finding.cut.advice || finding.cut.reason}`));
	return line;
}

/* The ring as a list: each object, and the field that leads to the next. Of
 * what is no ring the head alone. */
function ringList(finding) {
	const edges = finding.ring.map((index) => finding.edges[index]);
	const list = make("ol", {class: edges.length ? "ring round" : "ring",
		"aria-label": edges.length ? "The ring" : "The block that was lost"});
	edges.forEach((edge, i) => {
		list.append(make("li", {}, objectBox(finding, edge.from),
			edgeLine(finding, edge, i + 1 === edges.length)));
	});
	if (!edges.length && finding.members.length)
		list.append(make("li", {}, objectBox(finding, finding.head || 0)));
	return list;
}

function excerptFigure(excerpt) {
	const lines = excerpt.lines.map((text, i) => {
		const at = excerpt.first + i;
		return make("span", {class: at === excerpt.line ? "here" : null},
			make("span", {class: "number"}, String(at)), text || " ");
	});
	return make("figure", {class: "excerpt"},
		make("figcaption", {}, make("code", {}, `${excerpt.path}:${excerpt.line}`), `  ${excerpt.what}`),
		make("pre", {tabindex: "0", "aria-label": `Lines of ${excerpt.path}`}, ...lines));
}

function frameItem(frame) {
	const name = frame.function || "??";
	const where = frame.file ? `${frame.file}${frame.line ? `:${frame.line}` : ""}`
		: frame.module ? `${frame.module}+0x${frame.offset.toString(16)}` : "";
	return make("li", {class: frame.file ? null : "other"},
		make("code", {}, name), " ", make("span", {class: "at"}, where));
}

/* The headers of C++ stand for what the next frame asks of them: they are
 * folded, as in the text. */
function framesList(stack) {
	const own = stack.findIndex((frame) => !/^\/usr\/include\/c\+\+\//.test(frame.file || ""));
	const list = make("ol", {});
	if (own > 1)
		list.append(make("li", {class: "other"}, make("details", {},
			make("summary", {}, `${own} frames in C++ headers`),
			make("ol", {}, ...stack.slice(0, own).map(frameItem)))));
	list.append(...stack.slice(own > 1 ? own : 0).map(frameItem));
	if (own > 1 && list.children[1])
		list.children[1].value = own + 1;
	return list;
}

function stackDetails(heading, index, open, where) {
	const stack = report.stacks[index] || [];
	return make("details", {class: "stack", open},
		make("summary", {}, `${heading} `, where ? make("span", {class: "at"}, where) : null),
		stack.length ? framesList(stack) : make("p", {class: "at"}, "no stack was recorded"));
}

/* "Club, Member", of the members that a stack allocated. */
function stacksOf(finding) {
	const names = new Map(), first = new Map();
	finding.members.forEach((member, i) => {
		const list = names.get(member.stack) || new Set();
		names.set(member.stack, list.add(label(member)));
		first.set(member.stack, first.get(member.stack) ?? makerOf(finding, i));
	});
	const parts = [...names].slice(0, 12).map(([stack, labels]) =>
		stackDetails(`${[...labels].slice(0, 4).join(", ")} allocated by`, stack, false, first.get(stack)));
	finding.edges.forEach((edge) => {
		if (Number.isInteger(edge.stack))
			parts.push(stackDetails(
				`${label(finding.members[edge.from])}${field(edge)} set by`, edge.stack, false));
	});
	for (const acquire of finding.acquires)
		parts.push(stackDetails(`${plural(acquire.count, "reference", "references")} to ` +
			`${label(finding.members[acquire.member])} taken by`, acquire.stack, true));
	return parts;
}

/* A line of values over scans, of two or more. Its text says the same to those who do not see
 * it. */
function plot(title, points, format) {
	const values = points.map((point) => point[1]);
	const most = Math.max(...values), least = Math.min(...values);
	const first = points[0], last = points[points.length - 1];
	const x = (i) => 2 + 96 * i / (points.length - 1);
	const y = (value) => 92 - 84 * (most ? value / most : 0);
	const space = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(space, "svg");
	svg.setAttribute("viewBox", "0 0 100 100");
	svg.setAttribute("preserveAspectRatio", "none");
	svg.setAttribute("role", "img");
	svg.setAttribute("aria-label", `${title}: ${format(first[1])} at scan ${first[0]}, ` +
		`${format(last[1])} at scan ${last[0]}, least ${format(least)}, most ${format(most)}`);
	const line = document.createElementNS(space, "polyline");
	line.setAttribute("points", points.map((point, i) =>
		`${x(i).toFixed(2)},${y(point[1]).toFixed(2)}`).join(" "));
	for (const height of [8, 92]) {
		const grid = document.createElementNS(space, "line");
		for (const [key, at] of [["x1", 0], ["x2", 100], ["y1", height], ["y2", height]])
			grid.setAttribute(key, at);
		svg.append(grid);
	}
	svg.append(line);
	return make("figure", {class: "plot"}, make("figcaption", {}, title),
		make("div", {class: "scale", "aria-hidden": "true"},
			make("span", {}, format(most)), make("span", {}, "0")), svg,
		make("div", {class: "axis", "aria-hidden": "true"},
			make("span", {}, `scan ${first[0]}: ${format(first[1])}`),
			make("span", {}, `scan ${last[0]}: ${format(last[1])}`)));
}

function fact(list, name, ...value) {
	list.append(make("dt", {}, name), make("dd", {}, ...value));
}

function linkTo(id) {
	const link = make("a", {href: `#f-${id}`}, byId.has(id) ? byId.get(id).line : id);
	link.style.color = "var(--link)";
	link.addEventListener("click", (event) => {
		event.preventDefault();
		reveal(id);
	});
	return link;
}

function fewOf(texts) {
	const most = 20;
	return texts.slice(0, most).join(", ") + (texts.length > most ? ` and ${number(texts.length - most)} more` : "");
}

function nameOf(program) {
	return program ? (program.exe || program.argv[0] || "?").split("/").pop() : "?";
}

const programs = new Map(report.programs.map((program) => [program.pid, program]));

function processOf(pid) {
	return programs.has(pid) ? `${pid} (${nameOf(programs.get(pid))})` : String(pid);
}

function factsOf(finding) {
	const list = make("dl", {class: "facts"});
	const head = finding.members[finding.head || 0];
	fact(list, "sure", finding.confidence);
	fact(list, "members", `${size(finding.bytes)} in ${plural(finding.count, "instance", "instances")}` +
		(finding.baseline ? `, ${number(finding.baseline)} in the baseline` : ""));
	if (finding.retained_blocks)
		fact(list, "keeps", `${size(finding.retained_bytes)} more in ` +
			plural(finding.retained_blocks, "block", "blocks"));
	if (finding.one_keeps)
		fact(list, finding.count > 1 ? "one keeps" : "which are", finding.one_keeps);
	if (finding.kind === "excess-ref" && head && Number.isInteger(head.refcount))
		fact(list, "count", number(head.refcount) + (Number.isInteger(finding.references) ?
			`, ${plural(finding.references, "reference", "references")} known` : ""));
	fact(list, "seen", finding.first_scan === finding.last_scan ? `in scan ${finding.last_scan}`
		: `from scan ${finding.first_scan} to scan ${finding.last_scan}`);
	if (report.programs.length > 1)
		fact(list, "processes", fewOf(finding.pids.map(processOf)));
	if (report.programs.some((program) => program.host !== report.programs[0].host))
		fact(list, "hosts", fewOf(Object.entries(finding.hosts).map(([host, count]) => `${number(count)} on ${host.replace(CONTROL, "?")}`)));
	if (finding.threads.some((thread) => thread !== "main"))
		fact(list, "threads", finding.threads.join(", "));
	const resources = [...new Set(finding.members.flatMap((member) => member.resources))];
	if (resources.length)
		fact(list, "holds", resources.join(", "));
	const finalizers = [...new Set(finding.members.map((member) => member.finalizer).filter(Boolean))];
	if (finalizers.length)
		fact(list, "finalizer", finalizers.join(", "));
	if (finding.held_by)
		fact(list, "held by", finding.held_by);
	if (finding.because)
		fact(list, "why", finding.because);
	if (finding.kind === "cycle" && finding.cause === "unknown" && finding.cut)
		fact(list, "two readings", "If these references are counted, cut where the ring says. " +
			`If they are not, nothing frees the ${label(finding.members[finding.head || 0])} ` +
			`from ${whereOf(finding)}.`);
	if (finding.cut && finding.cut.advice && finding.cut.reason)
		fact(list, "why this cut", finding.cut.reason);
	if (finding.nested.length)
		fact(list, "keeps also", ...finding.nested.slice(0, 20).flatMap((id, i) =>
			i ? [", ", linkTo(id)] : [linkTo(id)]));
	fact(list, "id", make("code", {}, finding.id));
	return list;
}

async function copyText(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const area = make("textarea", {"aria-hidden": "true"});
		area.value = text;
		area.style.position = "fixed";
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		return done;
	}
}

/* In Markdown, as issue trackers read it. */
function issueText(finding) {
	const program = report.programs[0];
	const fence = "`".repeat(Math.max(3, ...[...finding.text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
	return `### ${finding.kind}: ${finding.line}\n\n` +
		`Found by Gordian ${report.version} in \`${program ? program.argv.join(" ") : "?"}\`.\n\n` +
		`${fence}\n${finding.text.trimEnd()}\n${fence}\n`;
}

function copyButton(finding) {
	const said = make("span", {role: "status"});
	const button = make("button", {type: "button"}, "Copy as issue text");
	button.addEventListener("click", async () => {
		said.textContent = await copyText(issueText(finding)) ? "copied" : "could not be copied";
	});
	return make("div", {class: "tools"}, button, said);
}

function bodyOf(finding) {
	const body = make("div", {class: "body"}, ringList(finding));
	const cut = finding.cut && finding.edges[finding.cut.edge];
	if (cut && !finding.ring.includes(finding.cut.edge))
		body.append(edgeLine(finding, cut, false));
	body.append(factsOf(finding), ...finding.excerpts.map(excerptFigure));
	if (finding.history.length > 1)
		body.append(plot("Instances over the scans" +
			(finding.historyOf ? `, of process ${processOf(finding.historyOf)}` : ""),
			finding.history.map(([scan, count]) => [scan, count]), number));
	body.append(make("h3", {}, "Stacks"), ...stacksOf(finding), copyButton(finding));
	return body;
}

const KINDS = {cycle: "cycle", lost: "lost", "excess-ref": "excess ref"};

function sizesOf(bytes, retained) {
	return size(bytes) + (retained ? `, keeps ${size(retained)}` : "");
}

/* Its body is made when it is opened first. */
function entryOf(finding) {
	const quiet = !["program", "library"].includes(finding.part);
	const held = holders.get(finding.id);
	const entry = make("details", {id: `f-${finding.id}`,
		class: held && held.part === finding.part ? "finding nested" : "finding"},
		make("summary", {},
			make("span", {class: `kind ${quiet ? "quiet" : finding.kind}`}, KINDS[finding.kind]),
			make("span", {class: "what"}, finding.subject),
			make("span", {class: "sizes"}, sizesOf(finding.bytes, finding.retained_bytes)),
			make("span", {class: "where"}, whereOf(finding))));
	entry.addEventListener("toggle", () => {
		if (entry.open && !entry.querySelector(".body"))
			entry.append(bodyOf(finding));
	});
	finding.entry = entry;
	return entry;
}

/* What a search looks in. */
function wordsOf(finding) {
	const words = [finding.id, finding.kind, finding.line, finding.origin, whereOf(finding)];
	for (const member of finding.members)
		words.push(member.type, ...(report.stacks[member.stack] || []).flatMap(
			(frame) => [frame.function, frame.file, frame.module]));
	for (const edge of finding.edges)
		words.push(edge.field);
	return words.filter(Boolean).join("\n").toLowerCase();
}

const SORTS = {
	rank: (a, b) => a.place - b.place,
	bytes: (a, b) => b.bytes - a.bytes,
	count: (a, b) => b.count - a.count,
	title: (a, b) => (a.title || "").localeCompare(b.title || ""),
	first: (a, b) => a.first_scan - b.first_scan,
};

const search = document.getElementById("search");
const sort = document.getElementById("sort");
const filters = new Map();
findings.forEach((finding, i) => { finding.place = i; });

function isWanted(finding, words) {
	if (!filters.get(finding.kind).checked || !filters.get(finding.part).checked)
		return false;
	if (!words.length)
		return true;
	finding.words = finding.words || wordsOf(finding);
	return words.every((word) => finding.words.includes(word));
}

function show() {
	const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
	const wanted = findings.filter((finding) => isWanted(finding, words)).sort(SORTS[sort.value]);
	const list = document.createDocumentFragment();
	for (const [part, title] of PARTS) {
		const some = wanted.filter((finding) => finding.part === part);
		if (some.length)
			list.append(make("h2", {}, `${title} (${number(some.length)})`),
				...some.map((finding) => finding.entry || entryOf(finding)));
	}
	document.getElementById("list").replaceChildren(list);
	document.getElementById("shown").textContent = findings.length > 1
		? `${number(wanted.length)} of ${plural(findings.length, "finding", "findings")}` : "";
}

function reveal(id) {
	const finding = byId.get(id);
	if (!finding)
		return;
	search.value = "";
	for (const key of [finding.kind, finding.part])
		filters.get(key).checked = true;
	show();
	finding.entry.open = true;
	finding.entry.scrollIntoView();
	finding.entry.querySelector("summary").focus();
}

function filterAdd(key, text, checked) {
	const box = make("input", {type: "checkbox", checked});
	box.addEventListener("change", show);
	filters.set(key, box);
	if (text)
		document.getElementById("filters").append(make("label", {}, box, text));
}

function controlsMake() {
	const kinds = new Set(findings.map((finding) => finding.kind));
	const parts = new Set(findings.map((finding) => finding.part));
	for (const [kind, text] of Object.entries({cycle: "cycles", lost: "lost blocks", "excess-ref": "excess references"}))
		filterAdd(kind, kinds.size > 1 && kinds.has(kind) && text, true);
	for (const [part, text] of [["program", "the program's"], ["library", "libraries'"], ["pending", "pending"],
		["known", "baseline"], ["suspect", "suspects"], ["gone", "gone"]])
		filterAdd(part, parts.size > 1 && parts.has(part) && text, part !== "gone" && part !== "known");
	if (![...filters.values()].some((box) => box.isConnected))
		document.getElementById("filters").hidden = true;
	document.getElementById("controls").hidden = findings.length < 2;
	document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
	search.addEventListener("input", show);
	sort.addEventListener("change", show);
}

function verdict() {
	const sum = report.summary;
	const alarms = [[sum.cycles, "cycle", "cycles"], [sum.lost, "kind of lost block", "kinds of lost blocks"],
		[sum.excess_refs, "excess reference", "excess references"]]
		.filter(([n]) => n).map(([n, one, many]) => plural(n, one, many));
	if (alarms.length)
		return `${alarms.join(", ")}: ${size(sum.bytes)} leaked` +
			(sum.retained_bytes ? `, keeping ${size(sum.retained_bytes)} more` : "");
	if (report.unknown.length)
		return "Nothing was found, but not all is known";
	return "Nothing leaked" + (sum.pending ? `; ${number(sum.pending)} pending` : "") +
		(sum.growing ? `; ${plural(sum.growing, "place grows", "places grow")}` : "");
}

function headMake() {
	const program = report.programs[0];
	const name = nameOf(program);
	document.title = `${name}: ${verdict()}`;
	document.getElementById("program").textContent = name;
	document.getElementById("argv").append(
		make("code", {}, program ? program.argv.join(" ") : ""),
		program ? ` (pid ${program.pid}${program.exit === null ? "" : `, status ${program.exit}`})` : "",
		report.programs.length > 1 ? ` and ${plural(report.programs.length - 1, "more process", "more processes")}` : "");
	document.getElementById("verdict").textContent = verdict();
	document.getElementById("footer").append(`Written by Gordian ${report.version}.`);
}

function noticesMake() {
	const section = document.getElementById("notices");
	for (const [title, texts] of [["What is not known", report.unknown], ["Warnings", report.warnings]])
		if (texts.length)
			section.append(make("h2", {}, title), make("ul", {}, ...texts.map((text) => make("li", {}, text))));
	section.hidden = !section.children.length;
}

/* A step of the path: the field, and the block to which it leads. */
function stepItem(step) {
	const times = step.times > 1 ? `${number(step.times)} × ` : "";
	const name = step.field === null ? `+${step.offset}` : step.field;
	return make("li", {},
		make("div", {class: "edge"}, make("span", {class: "arrow", "aria-hidden": "true"}, "↓"),
			times, name ? make("code", {}, name) : "leads to"),
		make("div", {class: "object"}, make("b", {}, step.type || size(step.size)), " ",
			step.type ? make("span", {}, size(step.size)) : null));
}

function placeBody(place) {
	const [root, ...steps] = place.path;
	const body = make("div", {class: "body"});
	if (place.count.length > 1)
		body.append(plot("Blocks over the scans", place.count.map((count, i) =>
			[place.scan - place.count.length + 1 + i, count]), number));
	if (root)
		body.append(make("h3", {}, "One of the newest is held by"),
			make("ol", {class: "ring"}, make("li", {}, make("div", {class: "object"},
				make("b", {}, root.root))), ...steps.map(stepItem)));
	body.append(make("h3", {}, "Stacks"), stackDetails("allocated by", place.stack, false, place.maker));
	return body;
}

function placeOf(place) {
	const first = place.count[0] || 0, last = place.count[place.count.length - 1] || 0;
	const held = place.within === null ? null : report.growing[place.within];
	return make("details", {class: held ? "finding nested" : "finding"},
		make("summary", {},
			make("span", {class: "kind quiet"},
				place.baseline === undefined ? "grows" : "grows, in the baseline"),
			make("span", {class: "what"},
				`${number(first)} → ${plural(last, "block", "blocks")}${place.label ? ` of ${place.label}` : ""}`),
			make("span", {class: "sizes"}, sizesOf(place.bytes, place.retained_bytes)),
			make("span", {class: "where"}, place.maker +
				(held ? `; held by the blocks of ${held.maker}` : ""))),
		placeBody(place));
}

/* What is reached, but more from scan to scan. */
function growingMake() {
	const places = report.growing;
	if (!places.length)
		return;
	const all = report.summary.places;
	document.getElementById("growing").append(
		make("h2", {}, "Growing, though still reached"), ...places.map(placeOf));
	if (all > places.length)
		document.getElementById("growing").append(
			make("p", {}, plural(all - places.length, "more place grows", "more places grow")));
}

/* Of the process that was scanned most often. One scan is no curve. */
function plotsMake() {
	const scans = new Map();
	for (const scan of report.scans)
		scans.set(scan[0], [...(scans.get(scan[0]) || []), scan]);
	const [pid, most] = [...scans].sort((a, b) => b[1].length - a[1].length)[0] || [0, []];
	const section = document.getElementById("plots");
	if (!most.length)
		return;
	const whose = scans.size > 1 ? `, of process ${processOf(pid)}` : "";
	const figures = [["Bytes in use", 4, size], ["Blocks in use", 3, number],
		["Pauses", 5, (pause) => `${(pause / 1000).toFixed(1)} ms`]];
	section.append(make("h2", {}, `The heap${most.length > 1 ? " over time" : ""}${whose}`));
	if (most.length > 1) {
		section.append(make("div", {class: "plots"}, ...figures.map(([title, i, format]) =>
			plot(title, most.map((scan) => [scan[1], scan[i]]), format))));
		return;
	}
	const list = make("dl", {class: "facts"});
	for (const [title, i, format] of figures)
		fact(list, title, format(most[0][i]));
	section.append(list);
}

headMake();
noticesMake();
controlsMake();
show();
growingMake();
plotsMake();
findings.filter((finding) => ["program", "library", "pending"].includes(finding.part)).slice(0, 3)
	.forEach((finding) => { if (finding.entry) finding.entry.open = true; });
if (location.hash.startsWith("#f-"))
	reveal(location.hash.slice(3));
