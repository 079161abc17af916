// Loads this folder in plain Node, which cannot read the components of the first paint: Vite's module runner can.

import path from 'node:path';

interface Counting {
  readonly cases: typeof import('./cases.ts').cases;
  readonly count: typeof import('./count.ts').count;
  readonly heartbeats: typeof import('./heartbeats.ts').heartbeats;
  readonly growths: typeof import('./growth.ts').growths;
  readonly grow: typeof import('./growth.ts').grow;
}

export async function loadCounting(): Promise<Counting> {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport<Counting>(path.join(import.meta.dirname, 'index.ts'), {
    root: path.join(import.meta.dirname, '../..'),
    configFile: false,
    logLevel: 'silent',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  });
  return module;
}
