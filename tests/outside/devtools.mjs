// Loads .heapsnapshot files with the loader of Chromium's DevTools (npm's
// chrome-devtools-frontend), and prints what it made of the first, as a line of
// JSON: FILE [--before=FILE] [NAME...]. With an earlier one, `diff` is what the
// panel's view Comparison says. esbuild makes a program of it: heapsnapshot.py.
import {warnings} from './devtools-globals.mjs';

import {readFileSync} from 'node:fs';
import {MessageChannel} from 'node:worker_threads';
import {SecondaryInitManager} from 'devtools/entrypoints/heap_snapshot_worker/HeapSnapshot.ts';
import {HeapSnapshotLoader} from 'devtools/entrypoints/heap_snapshot_worker/HeapSnapshotLoader.ts';

setInterval(() => {}, 1000);  // message ports keep no program running

async function load(path) {
  const began = performance.now();
  const loader = new HeapSnapshotLoader({sendEvent: () => {}});
  const text = readFileSync(path);
  for (let at = 0; at < text.length; at += 1 << 20) {
    loader.write(text.toString('latin1', at, at + (1 << 20)));
  }
  loader.close();
  await loader.parsingComplete;
  const channel = new MessageChannel();
  new SecondaryInitManager(channel.port2);
  const snapshot = await loader.buildSnapshot(channel.port1);
  channel.port1.close();
  channel.port2.close();
  return [snapshot, performance.now() - began];
}

function shown(snapshot, name) {
  for (let i = 0; i < snapshot.nodeCount; i++) {
    const node = snapshot.createNode(i * snapshot.nodeFieldCount);
    if (node.name() === name) {
      return {retained: node.retainedSize(), distance: node.distance()};
    }
  }
  return null;
}

// [added, removed] of each class of which something was.
async function compared(snapshot, path) {
  const [before] = await load(path);
  const diff = snapshot.calculateSnapshotDiff(
      1, before.aggregatesForDiff(snapshot.interfaceDefinitions()));
  return Object.fromEntries(Object.values(diff).map(
      (one) => [one.name, [one.addedCount, one.removedCount]]));
}

const [, , path, ...names] = process.argv;
const [snapshot, ms] = await load(path);
let diff = null;
if (names[0]?.startsWith('--before=')) {
  diff = await compared(snapshot, names.shift().slice('--before='.length));
}
const classes = {};
for (const one of Object.values(snapshot.aggregatesWithFilter({}))) {
  classes[one.name] = {count: one.count, self: one.self, max: one.maxRet};
}
const nodes = {};
for (const name of names) {
  nodes[name] = shown(snapshot, name);
}
console.log(JSON.stringify(
    {count: snapshot.nodeCount, total: snapshot.totalSize, ms, warnings,
     classes, nodes, diff}));
process.exit(0);
