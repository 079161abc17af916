import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { build } from './src/build/index.ts';
import { generate } from './src/cli/generate.ts';

// A suite can be run before anything was built.
generate();

/** Milliseconds until a test counts as hung, on any machine and beside any other work: no test is about how long it takes. */
const patience = 120_000;

/**
 * Test files that run at a time, of any project: one more than there are cores, because a file of the browser tests waits
 * for its servers and its browser. More than four would need more memory than a small machine has.
 */
const maxWorkers = Math.min(4, availableParallelism() + 1);

/**
 * Begins with the tests in workerd, which mostly wait while `npm test` checks types and lint. What takes minutes follows, the
 * browser tests and the simulator, so that none of it is left for the end and runs alone.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted].sort((a, b) => rank(a) - rank(b));
  }
}

const rank = ({ project, moduleId }: TestSpecification) =>
  ['workerd', 'browser', 'node'].indexOf(project.name) - (moduleId.endsWith('sim.test.ts') ? 0.5 : 0);

/**
 * Three projects, one for each place where the code lives. `#platform` follows the conditions of the project:
 * the stub for plain Node, `src/platform/workerd.ts` inside workerd.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    maxWorkers,
    sequence: { sequencer: LongestFirst },
    // Sooner than the test, so that the failure says what was waited for.
    expect: { poll: { timeout: patience / 2 } },
    projects: [
      {
        extends: true,
        plugins: [wasmModules()],
        resolve: { alias: { libav: path.dirname(fileURLToPath(import.meta.resolve('@libav.js/variant-webm-vp9'))) } },
        test: {
          name: 'node',
          server: { deps: { inline: [/\.wasm$/] } },
          include: ['test/unit/**/*.test.{ts,tsx}', 'docs/guide/code/**/*.test.ts'],
          environment: 'node',
          // Starting a process for each file and loading the framework in it took a third of the time of these tests.
          isolate: false,
          restoreMocks: true,
          unstubGlobals: true,
          testTimeout: patience,
          hookTimeout: patience,
        },
      },
      {
        extends: true,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            // As `npm start` says to the app.
            miniflare: { workers: await computeWorkers(), bindings: { ENVIRONMENT: 'development' } },
          })),
        ],
        test: {
          name: 'workerd',
          include: ['test/workerd/**/*.test.ts'],
          testTimeout: patience,
          hookTimeout: patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/build.ts'],
          environment: 'node',
          // Each file needs Playwright, wrangler, Miniflare and often Vite, which take up to five seconds to load.
          isolate: false,
          // A browser, servers and the system share two cores. `npm test` names each test that needed its second attempt.
          retry: 1,
          // Longer than several conditions may take, so that a failure says which one was waited for in vain.
          testTimeout: 2 * patience,
          hookTimeout: 2 * patience,
        },
      },
    ],
  },
});

/** Gives tests in Node the WebAssembly modules that a Worker imports. */
function wasmModules(): Plugin {
  const code = (file: string) =>
    `import { readFileSync } from 'node:fs'; export default new WebAssembly.Module(readFileSync(${JSON.stringify(file)}));`;
  return { name: 'wasm-modules', enforce: 'pre', load: { filter: { id: /\.wasm$/ }, handler: code } };
}

/** What the app's service bindings lead to. Only the Worker under test is bundled by the plugin, these were built. */
async function computeWorkers() {
  const { computes } = await build({ folder: import.meta.dirname });
  return computes.map(({ name, config }) => ({
    name,
    modules: true as const,
    // No test in workerd decodes videos.
    script:
      name === 'edgewise-media'
        ? 'export default {};'
        : readFileSync(path.join(path.dirname(config), 'index.js'), 'utf8'),
    compatibilityDate: '2026-10-01',
    // Unused where the Worker asks for none.
    workerLoaders: { LOADER: {} },
  }));
}
