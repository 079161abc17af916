// A person clicks, types and starts jobs in Chromium while the run kills the processes of the app and of
// compute. At the end every action must show once, in order and in the same document. Every job must have
// succeeded, because kills are no fault of a job.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { startServers } from '../../src/cli/dev.ts';
import { jobLimits } from '../../src/jobs/limits.ts';
import { launchOptions } from '../chromium.ts';
import { answerOf, stepsOf } from './tasks.ts';

const lanes = ['service', 'queue'] as const;
const victims = ['app', 'compute'] as const;
type Lane = (typeof lanes)[number];
type Victim = (typeof victims)[number];

export interface ChaosOptions {
  /** SIGKILLs, half of them to the app and half to compute, in random order. */
  readonly kills: number;
  readonly clicks: number;
  /** Additional clicks that start a job each: half in the service lane, half in the queue lane. */
  readonly jobs: number;
  readonly seed: number;
  /**
   * Builds the client first.
   *
   * @default true
   */
  readonly build?: boolean;
  /** Receives each step as a line. */
  readonly log?: (line: string) => void;
}

/** The values that the person sees. */
interface Seen {
  readonly counter: number;
  readonly items: readonly string[];
  readonly draft: string;
  /** Events without an acknowledgement. */
  readonly pending: number;
  /** Number of job handlers that have ended, and of those started. */
  readonly ended: string;
  /** Lines of the ended handlers, in order of the job's number. */
  readonly outcomes: readonly string[];
  /** Progress of each lane's bar. */
  readonly bars: readonly number[];
  /** Entries of the panel of jobs, with their counts. */
  readonly jobs: Readonly<Record<string, number>>;
}

export interface ChaosResult {
  readonly seed: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly clicks: number;
  readonly jobs: number;
  /** Most jobs that were started and had no outcome at one time. */
  readonly inFlight: number;
  /** Attempts lost to a kill of compute, or to a kill of the app with their consumer. */
  readonly losses: { readonly killed: number; readonly silent: number };
  /** Number of waits of jobs for an absent compute. */
  readonly waits: number;
  /** Attempts by the number of the job's last one, as the panel shows. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Milliseconds from the last click to rest. */
  readonly rest: number;
  /** Clicks made while the server was down. */
  readonly offline: number;
  readonly milliseconds: number;
  readonly expected: Seen;
  /** The values in the browser at the end. */
  readonly seen: Seen;
  /** The values in a second document of the same page: the server's state. */
  readonly kept: Seen;
  /** True when the first document is still there. */
  readonly sameDocument: boolean;
  /** Problems found; empty when all is right. */
  readonly faults: readonly string[];
}

export async function chaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, clicks, jobs, seed, build = true, log = () => {} } = options;
  // Separate generators, so that clicks, kills and job starts do not depend on each other's pace.
  const random = generator(seed);
  const { starts, course } = planJobs(generator(seed + 2), jobs, clicks);
  const { marks, targets } = planKills(generator(seed + 1), kills, clicks, starts);
  const delay = generator(seed + 3);
  const persist = await mkdtemp(path.join(tmpdir(), 'edgewise-chaos-'));
  const output: string[] = [];
  const losses = { killed: 0, silent: 0 };
  let waits = 0;
  try {
    await using servers = await startServers({
      app: 'test/chaos/wrangler.toml',
      compute: 'test/chaos/wrangler.compute.toml',
      persist,
      build,
      log: (server, line) => {
        if (/Attempt \d+ of task "work" was lost/.test(line)) {
          if (line.includes('was not heard of')) losses.silent++;
          else losses.killed++;
        }
        if (line.includes('Task "work" waits for its compute service')) waits++;
        if (output.push(`[${server}] ${line}`) > 200) output.shift();
      },
    });
    await using browser = await chromium.launch(launchOptions());
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(`The page threw ${error.message}`));
    await page.goto(servers.url);
    await page.waitForSelector('#count');
    await page.evaluate((mark) => Object.assign(window, { mark }), seed);

    const began = performance.now();
    let made = 0;
    let killed = 0;
    let up = true;
    let offline = 0;
    let inFlight = 0;
    const tally = { app: 0, compute: 0 };
    const expected = { counter: 0, items: [] as { text: string; hits: number }[], jobs: [] as Lane[] };
    // Ties kills to clicks, to spread them over all clicks. Each comes a little later, at a random moment.
    const kill = async (): Promise<void> => {
      /** Number of started jobs at each kill. */
      const started: number[] = [];
      for (const [index, mark] of marks.entries()) {
        while (made < mark) await sleep(2);
        // A kill costs a job at most one attempt, also a job that starts before the server is back. So no job is
        // lost too often.
        await ended(page, started.at(1 - jobLimits.lost) ?? 0);
        await sleep(delay() * 120);
        const target = targets[index] ?? 'app';
        if (target === 'app') up = false;
        await servers[target].kill();
        killed++;
        started.push(expected.jobs.length);
        tally[target]++;
        log(`kill ${killed}, of ${target}, after ${made} clicks`);
        await servers[target].ready();
        up = true;
      }
    };
    const start = async (): Promise<void> => {
      const lane = course[expected.jobs.length] ?? 'service';
      await page.click(`#start-${lane}`);
      expected.jobs.push(lane);
      inFlight = Math.max(inFlight, expected.jobs.length - (await page.locator('#outcomes > *').count()));
    };
    const click = async (): Promise<void> => {
      const chance = random();
      if (chance < 0.5) {
        await page.click('#count');
        expected.counter++;
      } else if (chance < 0.8 || expected.items.length === 0) {
        const text = `item-${seed}-${expected.items.length}`;
        await type(page, text, random() < 0.5);
        await page.click('#add');
        expected.items.push({ text, hits: 0 });
      } else {
        // Clicks only what is shown, because the newest item may not be there yet.
        const shown = await page.locator('#items button').count();
        if (shown === 0) {
          await page.click('#count');
          expected.counter++;
        } else {
          const index = Math.floor(random() * shown);
          await page.locator('#items button').nth(index).click();
          const item = expected.items[index];
          if (!item) throw new Error(`Item ${index} is shown and was never added.`);
          item.hits++;
        }
      }
    };
    // Ends the first job before the kills, because a compute service that never answered is given up soon.
    if (jobs > 0) await start();
    await ended(page, expected.jobs.length);

    let failed = false;
    const killing = kill().catch((error: unknown) => {
      failed = true;
      throw error;
    });
    killing.catch(() => {}); // Awaited below.
    const total = clicks + starts.size;
    while (made < total && !failed) {
      if (starts.has(made)) await start();
      else await click();
      made++;
      if (!up) offline++;
      // The person does not outrun the kills, but clicks on while the server is down.
      while (marks.filter((mark) => mark <= made).length - killed > 1 && !failed) await sleep(5);
      await sleep(random() * 30);
    }
    const trouble = await killing.then(
      () => [],
      (error: unknown) => [`The kills ended early: ${String(error)}`],
    );
    const last = performance.now();

    const goal: Seen = {
      counter: expected.counter,
      items: expected.items.map(({ text, hits }) => `${text} ${hits}`),
      draft: '',
      pending: 0,
      ended: `${jobs} of ${jobs}`,
      outcomes: expected.jobs.map((lane, k) => lineOf(k, lane)),
      bars: lanes.map((lane) => (expected.jobs.includes(lane) ? 100 : 0)),
      // A session stores a hundred of the ended jobs.
      jobs: jobs > 0 ? { done: Math.min(jobs, jobLimits.ended) } : {},
    };
    const seen = await settle(page, goal);
    const sameDocument = (await page.evaluate(() => (window as { mark?: unknown }).mark)) === seed;
    const milliseconds = performance.now() - began;
    const rest = performance.now() - last;
    const attempts = await attemptsOf(page);
    // A reload returns to the same page and shows the server's state.
    await page.reload();
    const kept = await settle(page, goal);

    const faults = [...trouble, ...problems];
    if (JSON.stringify(seen) !== JSON.stringify(goal)) faults.push(`The browser shows ${difference(seen, goal)}`);
    if (JSON.stringify(kept) !== JSON.stringify(goal)) faults.push(`After a reload there is ${difference(kept, goal)}`);
    if (!sameDocument) faults.push('The document was loaded again.');
    if (killed !== kills) faults.push(`Only ${killed} of ${kills} kills were made.`);
    if (faults.length > 0) faults.push(`The servers wrote:\n${output.slice(-40).join('\n')}`);
    return {
      seed,
      kills: tally,
      clicks: made - starts.size,
      jobs: expected.jobs.length,
      inFlight,
      losses,
      waits,
      attempts,
      rest,
      offline,
      milliseconds,
      expected: goal,
      seen,
      kept,
      sameDocument,
      faults,
    };
  } finally {
    await rm(persist, { recursive: true, force: true });
  }
}

/** Returns the clicks after which a process is killed, and which one, equally often. Every second kill follows a job's start. */
function planKills(random: () => number, kills: number, clicks: number, starts: ReadonlySet<number>) {
  const begun = [...starts].map((at) => at + 1);
  const marks = Array.from({ length: kills }, (_, index) => {
    const any = Math.floor(random() * (clicks + starts.size));
    return index % 2 === 0 ? any : (begun[Math.floor(random() * begun.length)] ?? any);
  }).sort((a, b) => a - b);
  return { marks, targets: halves(random, kills, victims) };
}

/** Returns the clicks that start a job besides the first one, and the lane. They come in bursts, so that many jobs overlap. */
function planJobs(random: () => number, jobs: number, clicks: number) {
  const starts = new Set<number>();
  const later = Math.max(0, jobs - 1);
  while (starts.size < later) {
    let at = Math.floor(random() * (clicks + later));
    for (let burst = 1 + Math.floor(random() * 20); burst > 0 && starts.size < later; burst--) {
      while (starts.has(at)) at = (at + 1) % (clicks + later);
      starts.add(at);
    }
  }
  return { starts, course: halves(random, jobs, lanes) };
}

/** Returns the given numbers of two values in random order. */
function halves<T>(random: () => number, count: number, of: readonly [T, T]): readonly T[] {
  return Array.from({ length: count }, (_, index) => ({ one: of[(index % 2) as 0 | 1], key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

/** Returns the line of job K's handler: its result, after every line of its task once and in order. */
function lineOf(k: number, lane: Lane): string {
  return `job ${k}: ${answerOf(k, lane)} (${Array.from({ length: stepsOf(k) }, (_, step) => step).join(' ')})`;
}

/** Replaces the input's text, at once or key by key. */
async function type(page: Page, text: string, keys: boolean): Promise<void> {
  if (!keys) {
    await page.fill('input', text);
    return;
  }
  await page.focus('input');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Milliseconds beyond any recovery. A message whose deliveries were all killed is sent again after two minutes. */
const patience = 150_000;

/** Waits until the page shows the expected values. Returns what it shows, also when it stays different. */
async function settle(page: Page, goal: Seen): Promise<Seen> {
  let before = '';
  for (let limit = 0; ; await sleep(50)) {
    const seen = await look(page);
    const now = JSON.stringify(seen);
    if (now !== before) limit = Date.now() + patience;
    before = now;
    if (now === JSON.stringify(goal) || Date.now() > limit) return seen;
  }
}

/** Waits until the first jobs have ended. */
async function ended(page: Page, count: number): Promise<void> {
  for (const limit = Date.now() + patience; ; await sleep(20)) {
    const lines = await page.locator('#outcomes > *').allTextContents();
    const numbers = new Set(lines.map(numberOf));
    const open = Array.from({ length: count }, (_, k) => k).filter((k) => !numbers.has(k));
    if (open.length === 0) return;
    if (Date.now() > limit) throw new Error(`Jobs ${open.join(', ')} have not ended for ${patience / 1_000} seconds.`);
  }
}

/** Returns the number of the job whose handler added the line. */
function numberOf(line: string): number {
  return Number(/^job (\d+)/.exec(line)?.[1]);
}

async function look(page: Page): Promise<Seen> {
  const seen = await page.evaluate(() => {
    let pending = 0;
    for (let i = 0; i < sessionStorage.length; i++) {
      const key = sessionStorage.key(i) ?? '';
      if (!key.startsWith('edgewise:events:')) continue;
      const [, events] = JSON.parse(sessionStorage.getItem(key) ?? '[0,[]]') as [number, unknown[]];
      pending += events.length;
    }
    const texts = (selector: string) =>
      [...document.querySelectorAll(selector)].map((element) => element.textContent ?? '');
    const bar = (lane: string) =>
      document.querySelector<HTMLProgressElement>(`progress#bar-${lane}, #bar-${lane} progress`);
    const jobs: Record<string, number> = {};
    const words = ['waiting', 'running', 'done', 'failed', 'cancelled', 'timed out', 'given up'];
    for (const text of texts('#jobs .badge')) {
      if (words.includes(text) || text.startsWith('waiting')) jobs[text] = (jobs[text] ?? 0) + 1;
    }
    return {
      counter: Number(document.querySelector('#counted')?.textContent),
      items: texts('#items button'),
      draft: document.querySelector('input')?.value ?? 'no input',
      pending,
      ended: texts('#ended').join(),
      outcomes: texts('#outcomes > *'),
      bars: [bar('service')?.value ?? -1, bar('queue')?.value ?? -1],
      jobs: Object.fromEntries(Object.entries(jobs).sort()),
    };
  });
  return { ...seen, outcomes: seen.outcomes.sort((a, b) => numberOf(a) - numberOf(b)) };
}

/** Returns how many jobs had how many attempts. */
async function attemptsOf(page: Page): Promise<Record<string, number>> {
  const badges = await page.locator('#jobs .badge').allTextContents();
  const attempts: Record<string, number> = {
    1: badges.filter((text) => text === 'done').length,
  };
  for (const text of badges) {
    const number = /^attempt (\d+)$/.exec(text)?.[1];
    if (!number) continue;
    attempts[number] = (attempts[number] ?? 0) + 1;
    attempts[1] = (attempts[1] ?? 0) - 1;
  }
  return attempts;
}

function difference(seen: Seen, goal: Seen): string {
  const parts: string[] = [];
  for (const name of ['counter', 'draft', 'pending', 'ended', 'bars', 'jobs'] as const) {
    const [is, should] = [JSON.stringify(seen[name]), JSON.stringify(goal[name])];
    if (is !== should) parts.push(`${name} ${is} instead of ${should}`);
  }
  const missing = goal.outcomes.filter((line) => !seen.outcomes.includes(line));
  const wrong = seen.outcomes.filter(
    (line, index, all) => !goal.outcomes.includes(line) || all.indexOf(line) !== index,
  );
  if (missing.length > 0) parts.push(`no ${missing.map((line) => JSON.stringify(line)).join(', no ')}`);
  if (wrong.length > 0) parts.push(`wrong or twice: ${wrong.map((line) => JSON.stringify(line)).join(', ')}`);
  if (seen.items.length !== goal.items.length) parts.push(`${seen.items.length} items instead of ${goal.items.length}`);
  const first = goal.items.findIndex((item, index) => item !== seen.items[index]);
  if (first >= 0) parts.push(`item ${first} ${JSON.stringify(seen.items[first])} instead of "${goal.items[first]}"`);
  return parts.join(', ');
}

/** Returns a generator of numbers from 0 to 1 that follow from the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
