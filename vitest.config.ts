import { availableParallelism } from 'node:os';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import * as esbuild from 'esbuild';
import { defineConfig } from 'vitest/config';
import { generate } from './src/cli/generate.ts';

// A suite can be run before anything was built.
generate();

/** Milliseconds until a test counts as hung, on any machine and beside any other work: no test is about how long it takes. */
const patience = 120_000;

/**
 * Test files that run at a time, of any project. A file of the browser tests has servers and a browser of its own and waits
 * for them most of the time, so two of them fit on one core; more than four would need more memory than a small machine has.
 */
const maxWorkers = Math.min(4, Math.max(2, availableParallelism()));

/**
 * Three projects, one for each place where the code lives. `#platform` follows the conditions of the project:
 * the stub for plain Node, `src/platform/workerd.ts` inside workerd.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    maxWorkers,
    // Sooner than the test, so that the failure says what was waited for.
    expect: { poll: { timeout: patience / 2 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          environment: 'node',
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
            miniflare: { workers: [await computeWorker()], bindings: { ENVIRONMENT: 'development' } },
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
          environment: 'node',
          // Longer than several conditions may take, so that a failure says which one was waited for in vain.
          testTimeout: 2 * patience,
          hookTimeout: 2 * patience,
        },
      },
    ],
  },
});

/** What the app's COMPUTE binding leads to. Only the Worker under test is bundled by the plugin, this one is not. */
async function computeWorker() {
  const { outputFiles } = await esbuild.build({
    entryPoints: ['examples/compute.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'warning',
  });
  return {
    name: 'edgewise-compute',
    modules: true as const,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-11-01',
  };
}
