// Makes a program of devtools.mjs: node devtools-build.mjs MODULES OUT.
// MODULES is a node_modules with chrome-devtools-frontend and esbuild.
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(modules, 'x'))(join(modules, 'esbuild'));
// The package leaves out what its own build makes.
const generated = {
  name: 'generated',
  setup(build) {
    build.onResolve({filter: /\/locales\.js$/},
                    () => ({path: 'locales', namespace: 'generated'}));
    build.onLoad({filter: /.*/, namespace: 'generated'}, () => ({
      contents: `export const LOCALES = ['en-US'], DEFAULT_LOCALE = 'en-US',
        BUNDLED_LOCALES = ['en-US'], LOCAL_FETCH_PATTERN = '',
        REMOTE_FETCH_PATTERN = '';`,
    }));
  },
};
await esbuild.build({
  entryPoints:
      [join(dirname(fileURLToPath(import.meta.url)), 'devtools.mjs')],
  alias: {devtools: join(modules, 'chrome-devtools-frontend', 'front_end')},
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: out,
  logLevel: 'error',
  plugins: [generated],
});
