// `npm run chaos -- --kills N --clicks M [--jobs J] [--seed S]`: see chaos.ts. The exit code is 0 when
// everything is exactly right.

import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    clicks: { type: 'string' },
    jobs: { type: 'string' },
    seed: { type: 'string' },
  },
});
const number = (name: keyof typeof values, otherwise: number): number => {
  const given = Number(values[name] ?? otherwise);
  if (!Number.isSafeInteger(given) || given < 0)
    throw new Error(`--${name} must be a whole number; it is '${values[name]}'.`);
  return given;
};
const kills = number('kills', 20);
const clicks = number('clicks', 1_000);
const jobs = number('jobs', 60);
const seed = number('seed', Math.floor(Math.random() * 1_000_000));

console.log(`${clicks} clicks, ${jobs} jobs, ${kills} kills, seed ${seed}.`);
const result = await chaos({ kills, clicks, jobs, seed, log: (line) => console.log(line) });
const { expected, milliseconds, offline, sameDocument, faults } = result;
console.log(
  `${result.clicks} clicks in ${(milliseconds / 1000).toFixed(1)} s, ${offline} of them while the server was down; ` +
    `${result.kills.app} kills of the app, ${result.kills.compute} of compute. Counter ${result.seen.counter} of ${expected.counter}, items ${result.seen.items.length} of ` +
    `${expected.items.length}, ${result.seen.pending} pending, ${sameDocument ? 'the same document' : 'ANOTHER DOCUMENT'}.`,
);
console.log(
  `${result.jobs} jobs, up to ${result.inFlight} in flight: ${result.seen.ended} handlers ended, panel ` +
    `${JSON.stringify(result.seen.jobs)}, jobs by attempts ${JSON.stringify(result.attempts)}, bars ${result.seen.bars.join(' and ')}; ` +
    `attempts lost: ${result.losses.killed} with compute, ${result.losses.silent} with their consumer; ${result.waits} waits for compute; ` +
    `at rest ${(result.rest / 1000).toFixed(1)} s after the last click.`,
);
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? `Everything is exactly right (seed ${seed}).` : `WRONG. Again: --seed ${seed}`);
process.exit(faults.length === 0 ? 0 : 1);
