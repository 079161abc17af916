import { cloudflareTest } from '@cloudflare/vitest-plugin';
import * as esbuild from 'esbuild';
import { defineConfig } from 'vitest/config';
import { generate } from './src/cli/generate.ts';

// A suite can be run before anything was built.
generate();

/** Milliseconds until a test counts as hung, on any machine and beside any other work: no test is about how long it takes. */
const patience = 60_000;

/**
 * Three projects, one for each place where the code lives. `#platform` follows the conditions of the project:
 * the stub for plain Node, `src/platform/workerd.ts` inside workerd.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
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
          // Each file starts servers and a browser; side by side they would only measure each other.
          fileParallelism: false,
          testTimeout: patience,
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
