// `npm run chaos -- [--app NAME] [--kills N] [--clicks M] [--pause SECONDS] [--seed S] [--output FILE]`: see
// chaos.ts. `--chunks TRIES [--seed S]`: see chunks.ts. FILE gets what the servers write. The exit code is 0 when everything is exactly right.

import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type AppName, appNames, chaos } from './chaos.ts';
import { chunks } from './chunks.ts';

const { values } = parseArgs({
  options: {
    app: { type: 'string', multiple: true },
    chunks: { type: 'string' },
    output: { type: 'string' },
    kills: { type: 'string' },
    clicks: { type: 'string' },
    pause: { type: 'string' },
    seed: { type: 'string' },
  },
});
const number = (name: 'chunks' | 'kills' | 'clicks' | 'pause' | 'seed', otherwise: number): number => {
  const given = Number(values[name] ?? otherwise);
  if (!Number.isSafeInteger(given) || given < 0)
    throw new Error(`--${name} must be a whole number; it is '${values[name]}'.`);
  return given;
};
const apps = (values.app ?? appNames) as readonly AppName[];
for (const app of apps) {
  if (!appNames.includes(app)) throw new Error(`--app must be one of ${appNames.join(', ')}; it is '${app}'.`);
}
const kills = number('kills', 20);
const clicks = number('clicks', kills * 25);
const pause = number('pause', 60);
const seed = number('seed', Math.floor(Math.random() * 1_000_000));

// Servers end with the process, which a signal alone would not tell.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const since = Date.now();
const stamp = (line: string) => `${((Date.now() - since) / 1_000).toFixed(1)} ${line}`;
const log = (line: string) => console.log(stamp(line));
const file = values.output;
const output = file === undefined ? undefined : (line: string) => appendFileSync(file, `${stamp(line)}\n`);

const tries = number('chunks', 0);
if (tries > 0) {
  console.log(`${tries} tries of two tabs with 10,000 chunks each, seed ${seed}.`);
  const { kills, violations } = await chunks(tries, seed, log, output);
  console.log(`${tries} tries, ${kills} kills, ${violations.length} violations.`);
  process.exit(violations.length === 0 ? 0 : 1);
}

console.log(`${apps.join(', ')}: ${clicks} clicks, ${kills} kills, pauses up to ${pause} s, seed ${seed}.`);
const result = await chaos({
  apps,
  kills,
  clicks,
  pause: pause * 1_000,
  seed,
  log,
  ...(output && { output }),
});
const { blows, violations } = result;
console.log(
  `${result.kills} kills (${blows.app} of the app, ${blows.compute} of compute, ${blows.both} of both, ${blows.tree} of the ` +
    `whole tree, ${blows.deploy} of it with a deploy), ${blows.save} saves, ${result.reloads} reloads, in ` +
    `${(result.milliseconds / 1_000).toFixed(0)} s; ${result.together ? 'one session' : 'a session for each page'}.`,
);
console.log(
  `${result.clicks} clicks, ${result.during} of them while something was down, ${result.refused} refused with a notice; ` +
    `${result.jobs} jobs; ${violations.length} violations.`,
);
for (const violation of violations) console.error(violation);
console.log(violations.length === 0 ? `Everything is exactly right (seed ${seed}).` : `WRONG. Again: --seed ${seed}`);
process.exit(violations.length === 0 ? 0 : 1);
