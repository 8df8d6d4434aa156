// Makes a program of devtools.mjs: node devtools-build.mjs DEVTOOLS ESBUILD OUT.
// The first two are folders of npm's chrome-devtools-frontend and esbuild, which
// finds its program by ESBUILD_BINARY_PATH.
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const [devtools, builder, out] =
    process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(import.meta.url)(builder);
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
  alias: {devtools: join(devtools, 'front_end')},
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: out,
  logLevel: 'error',
  plugins: [generated],
});
