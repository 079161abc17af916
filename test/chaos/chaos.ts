// People use the pages of an application in Chromium while the run kills its processes, saves its files and deploys
// it. At the end every page must be what its person knows it must be (see people/), and the document in the browser
// must be the server's.

import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { jobLimits } from '../../src/jobs/limits.ts';
import { seeded } from '../../src/testing/index.ts';
import { launchOptions, openWindow } from '../chromium.ts';
import { type Blow, isKill, lossesOf, planBlows, strike } from './blows.ts';
import { Ledger } from './ledger.ts';
import { Counter } from './people/counter.ts';
import { Jobs } from './people/jobs.ts';
import { Orders } from './people/orders.ts';
import { Output } from './people/output.ts';
import type { Person, PersonClass } from './people/person.ts';
import { Policies } from './people/policies.ts';
import { Rows } from './people/rows.ts';
import { Timers } from './people/timers.ts';
import { Waits } from './people/waits.ts';
import { Servers } from './servers.ts';
import { Tab } from './tab.ts';

const people = {
  counter: Counter,
  jobs: Jobs,
  orders: Orders,
  output: Output,
  policies: Policies,
  rows: Rows,
  timers: Timers,
  waits: Waits,
} satisfies Record<string, PersonClass>;

export type AppName = keyof typeof people;
export const appNames = Object.keys(people) as readonly AppName[];

export interface ChaosOptions {
  /** Kills (SIGKILL) of the app, of compute, of both, and of the whole process tree. Each eight come with a save. */
  readonly kills: number;
  readonly clicks: number;
  readonly seed: number;
  /** @default all */
  readonly apps?: readonly AppName[];
  /** The longest pause in milliseconds after which a killed tree comes back. @default 60_000 */
  readonly pause?: number;
  /** Receives each step as a line. */
  readonly log?: (line: string) => void;
  /** Receives each line that the servers write. */
  readonly output?: (line: string) => void;
}

export interface ChaosResult {
  readonly seed: number;
  /** Blows of each type. */
  readonly blows: Readonly<Record<Blow, number>>;
  readonly kills: number;
  readonly clicks: number;
  /** Clicks made while something was killed or reloaded. */
  readonly during: number;
  readonly reloads: number;
  readonly jobs: number;
  /** Clicks that a page refused with a notice, because their row had moved away. */
  readonly refused: number;
  /** True when all pages belong to one session. */
  readonly together: boolean;
  readonly milliseconds: number;
  /** What is wrong; empty when all is right. */
  readonly violations: readonly string[];
}

/** Milliseconds beyond any recovery. A message whose deliveries were all killed is sent again after two minutes. */
const patience = 240_000;

/** Lines of the servers that no run may have. */
const forbidden = /InterruptedError|A handler\b.* failed|was not built|could not be (read|stored)/;

export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, clicks, seed, apps = appNames, pause = 60_000, log = () => {}, output } = options;
  // Generators of their own, so that clicks and blows do not depend on each other's pace.
  const [chance, planning, striking] = [seeded(seed), seeded(seed + 1), seeded(seed + 2)];
  const plan = planBlows(planning, kills, clicks);
  const together = planning() < 0.5;
  const last: string[] = [];
  const violations: string[] = [];

  await using ledger = new Ledger();
  await using servers = await Servers.start(await ledger.start(), (line) => {
    if (forbidden.test(line)) {
      violations.push(`The servers wrote ${line}`);
      log(line);
    }
    output?.(line);
    if (last.push(line) > 60) last.shift();
  });
  await using browser = await chromium.launch(launchOptions());
  const context = await openWindow(browser);
  const blows: Record<Blow, number> = { app: 0, compute: 0, both: 0, tree: 0, deploy: 0, save: 0 };
  let struck = 0;
  const stage = await Promise.all(
    apps.map(async (name) => {
      const Someone: PersonClass = people[name];
      Someone.prepare?.(ledger);
      const tab = await Tab.open(together ? context : await openWindow(browser), `${servers.url}/${name}`);
      const alone = !together || apps.length === 1;
      const person = new Someone({ tab, ledger, url: servers.url, alone, chance, blows: () => struck });
      return { name, tab, person };
    }),
  );

  const began = performance.now();
  let made = 0;
  let during = 0;
  let reloads = 0;
  let isStriking = false;
  let failed = false;

  const blowing = (async () => {
    /** Number of jobs of each person at each moment that could cost a job an attempt. */
    const started: (readonly number[])[] = [];
    for (const { blow, mark } of plan) {
      while (made < mark) await sleep(5);
      // Every blow costs a job at most one attempt or two. So no job is lost too often.
      await jobsEnded(
        stage.map(({ person }) => person),
        started.at(1 - jobLimits.lost),
      );
      await sleep(striking() * 150);
      const from = performance.now();
      isStriking = true;
      await strike(servers, blow, striking, pause);
      isStriking = false;
      blows[blow]++;
      struck++;
      for (let loss = lossesOf(blow); loss > 0; loss--) started.push(stage.map(({ person }) => person.jobs ?? 0));
      log(`${struck}. ${blow}, after ${made} clicks, took ${Math.round(performance.now() - from)} ms`);
    }
  })().catch((error: unknown) => {
    failed = true;
    violations.push(`The blows ended early: ${(error as Error).stack}`);
  });

  while (made < clicks && !failed) {
    const { tab, person } = stage[Math.floor(chance() * stage.length)] as (typeof stage)[number];
    if (chance() < 0.004) {
      await tab.load();
      reloads++;
    }
    if (await person.act()) {
      made++;
      if (isStriking) during++;
    }
    // Nobody outruns the blows, but people click on while something is down.
    while (plan.filter(({ mark }) => mark <= made).length - struck > 1 && !failed) await sleep(5);
    await sleep(chance() * 30);
  }
  await blowing;
  log(`All clicks are made after ${Math.round(performance.now() - began)} ms.`);

  const wrong = async (): Promise<string[]> => {
    const faults: string[] = [];
    for (const { name, tab, person } of stage) {
      await person.rest?.();
      const wrong = [...(await person.faults()), ...(await tab.faults())];
      const version = await tab.text('#version');
      if (version !== `version ${servers.version}`) wrong.push(`It is ${version} instead of ${servers.version}.`);
      faults.push(...wrong.map((fault) => `${name}: ${fault}`));
    }
    return faults;
  };
  violations.push(...(await settle(wrong, log)));
  log(`At rest after ${Math.round(performance.now() - began)} ms.`);
  // A reload shows what the server has.
  for (const { tab } of stage) await tab.load();
  violations.push(...(await settle(wrong, log)).map((fault) => `After a reload: ${fault}`));

  let refused = 0;
  for (const { name, tab, person } of stage) {
    if (person instanceof Rows) refused = await person.refused();
    const notices = tab.notices.filter((text) => !person.allowed?.test(text));
    violations.push(...notices.map((text) => `${name}: The page said "${text}"`));
  }
  if (violations.length > 0) violations.push(`The servers wrote:\n${last.join('\n')}`);
  return {
    seed,
    blows,
    kills: Object.entries(blows).reduce((sum, [blow, count]) => sum + (isKill(blow as Blow) ? count : 0), 0),
    clicks: made,
    during,
    reloads,
    jobs: stage.reduce((sum, { person }) => sum + (person.jobs ?? 0), 0),
    refused,
    together,
    milliseconds: performance.now() - began,
    violations,
  };
}

/** Waits until nothing is wrong. Returns what is wrong when it stays. Logs it now and then. */
async function settle(wrong: () => Promise<string[]>, log: (line: string) => void): Promise<string[]> {
  const began = Date.now();
  for (let next = began + 20_000; ; await sleep(100)) {
    const faults = await wrong();
    if (faults.length === 0 || Date.now() > began + patience) return faults;
    if (Date.now() < next) continue;
    next += 20_000;
    log(`Not yet right after ${Math.round((Date.now() - began) / 1_000)} s:\n${faults.join('\n')}`);
  }
}

/** Waits until the first jobs of each person have ended. */
async function jobsEnded(persons: readonly Person[], counts: readonly number[] = []): Promise<void> {
  for (const [index, person] of persons.entries()) {
    const count = counts[index] ?? 0;
    for (const limit = Date.now() + patience; person.ended && (await person.ended()) < count; await sleep(50)) {
      if (Date.now() > limit) throw new Error(`Job ${await person.ended()} has not ended for ${patience / 1_000} s.`);
    }
  }
}
