// `npm run chaos -- --kills N --clicks M [--seed S]`: see chaos.ts. The exit code is 0 when everything is exactly right.

import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, clicks: { type: 'string' }, seed: { type: 'string' } },
});
const number = (name: 'kills' | 'clicks' | 'seed', otherwise: number): number => {
  const given = Number(values[name] ?? otherwise);
  if (!Number.isSafeInteger(given) || given < 0)
    throw new Error(`--${name} is a whole number; '${values[name]}' is not.`);
  return given;
};
const kills = number('kills', 20);
const clicks = number('clicks', 1_000);
const seed = number('seed', Math.floor(Math.random() * 1_000_000));

console.log(`${clicks} clicks, ${kills} kills, seed ${seed}.`);
const result = await chaos({ kills, clicks, seed, log: (line) => console.log(line) });
const { expected, milliseconds, offline, sameDocument, faults } = result;
console.log(
  `${result.clicks} clicks in ${(milliseconds / 1000).toFixed(1)} s, ${offline} of them while the server was down; ` +
    `${result.kills} kills. Counter ${result.seen.counter} of ${expected.counter}, items ${result.seen.items.length} of ` +
    `${expected.items.length}, ${result.seen.pending} pending, ${sameDocument ? 'the same document' : 'ANOTHER DOCUMENT'}.`,
);
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? `Everything is exactly right (seed ${seed}).` : `WRONG. Again: --seed ${seed}`);
process.exit(faults.length === 0 ? 0 : 1);
