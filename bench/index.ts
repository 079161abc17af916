// `npm run bench`: measures every part and writes bench/results, bench/figures, bench/RESULTS.md and the table of README.
//
//   npm run bench -- interaction wire        only these parts; the results of the others stay
//   npm run bench -- interaction.clicks      one measurement; prints, and writes nothing
//   npm run bench -- --quick                 few rounds in a few minutes; prints, and writes nothing
//   npm run bench -- --check                 fails when a figure is past bench/budgets.json by more than its margin
//   npm run bench -- --json                  prints the findings as JSON

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { signalGroup } from '../src/wrangler/index.ts';
import { overBudget } from './budgets.ts';
import type { Result } from './findings.ts';
import { parts } from './parts/index.ts';
import { print } from './print.ts';
import { writeReport } from './report.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, check: { type: 'boolean' }, json: { type: 'boolean' } },
});

/** The measurements to make of each part; none for all of them. */
const chosen = new Map<string, string[]>();
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  const [part = '', measure] = name.split('.');
  if (!Object.hasOwn(parts, part)) {
    throw new Error(`There is no part '${part}'. The parts are ${Object.keys(parts).join(', ')}.`);
  }
  chosen.set(part, [...(chosen.get(part) ?? []), ...(measure === undefined ? [] : [measure])]);
}

/** Milliseconds after which a part is ended. The longest takes seven minutes on two cores. */
const patience = 660_000;
const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-bench-'));
const results: Result[] = [];
const problems: string[] = [];
/** Parts whose earlier results stay, because not all of it could be measured. */
const failed = new Set<string>();
let running: ChildProcess | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    if (running?.pid !== undefined) signalGroup(running.pid, 'SIGKILL');
    process.exit(1);
  });
}
try {
  for (const [part, measures] of chosen) {
    console.error(part);
    const file = path.join(folder, `${part}.json`);
    const args = [
      path.join(import.meta.dirname, 'part.ts'),
      part,
      file,
      options.quick ? 'quick' : 'whole',
      ...measures,
    ];
    running = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    const { pid } = running;
    const late = setTimeout(() => {
      problems.push(`The part ${part} was ended, because it took longer than ${patience / 60_000} minutes.`);
      if (pid !== undefined) process.kill(pid, 'SIGTERM');
    }, patience);
    const [code] = (await once(running, 'exit')) as [number | null];
    clearTimeout(late);
    // Ends what a part that failed has left.
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    if (code !== 0) {
      failed.add(part);
      problems.push(`The part ${part} failed. Its results in bench/results stay as they were.`);
    }
    const written = await readFile(file, 'utf8').catch(() => undefined);
    if (written) results.push(JSON.parse(written) as Result);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

if (options.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else for (const result of results) print(result);
const whole = results.filter(({ part }) => chosen.get(part)?.length === 0 && !failed.has(part));
if (!options.quick && !options.json && whole.length > 0) await writeReport(whole);
if (options.check) problems.push(...(await overBudget(results)));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
