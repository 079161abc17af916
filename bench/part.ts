// The process of one part: `part.ts PART FILE QUICK [MEASUREMENT ...]`. It writes the findings to the file as JSON.

import { writeFile } from 'node:fs/promises';
import { Bench } from './bench.ts';
import type { Result } from './findings.ts';
import { machine, versions } from './machine.ts';
import { parts } from './parts/index.ts';

const [name = '', file = '', quick, ...chosen] = process.argv.slice(2);
const load = parts[name];
if (!load) throw new Error(`There is no part '${name}'.`);
const part = await load();
const bench = new Bench(quick === 'quick', chosen);
const began = performance.now();
// A part that breaks, or takes too long and is ended, leaves what it has found so far.
process.on('uncaughtException', (error) => {
  console.error(error);
  void end(true);
});
process.on('SIGTERM', () => void end(true));
await part.run(bench);
await end(bench.failed);

async function end(failed: boolean): Promise<never> {
  const result: Result = {
    part: name,
    title: part.title,
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    seconds: Math.round((performance.now() - began) / 1000),
    command: `npm run bench -- ${name}`,
    machine: machine(),
    versions: { ...(await versions()), ...bench.versions },
    figures: bench.figures,
    tables: bench.tables,
    notes: bench.notes,
  };
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  process.exit(failed ? 1 : 0);
}
