// What the loader finds in a browser, and what it complains of.
export const warnings = [];

for (const level of ['warn', 'error', 'assert']) {
  console[level] = (...words) => {
    if (level !== 'assert' || !words[0]) {
      warnings.push(words.join(' '));
    }
  };
}
globalThis.self ??= globalThis;
Promise.withResolvers ??= function() {
  let resolve, reject;
  const promise = new Promise((a, b) => {
    resolve = a;
    reject = b;
  });
  return {promise, resolve, reject};
};
