// Deaths: SIGKILL of the app or of compute while a job stands at an exact point of its life, in both lanes. Doors hold it there (see
// app/deaths/app.ts). One death hits all jobs that stand at their points, each in a session of its own, since the queue lane takes
// 20 seconds to believe in a death. The service lane has no queue; jobs that wait for one of its places are among the hundred.

import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { openWindow } from '../chromium.ts';
import { Outside, Wire } from './outside.ts';
import { expectTruth, stage, type Tab, until, Visitor } from './stage.ts';

/** The most that a recovery may take: a busy machine may lose a message three times, after which 105 seconds are over. */
const recovery = 150_000;
/** The most that a test may take. */
const patience = 3 * recovery;

let outside: Outside;
const world = stage(async () => {
  outside = await new Outside().start();
  return {
    app: 'test/browser/app/deaths/wrangler.toml',
    compute: 'test/browser/app/deaths/wrangler.compute.toml',
    vars: { OUTSIDE: outside.url },
    wrangler: true,
  };
});
afterAll(() => outside[Symbol.asyncDispose]());

type Lane = 'service' | 'queue';
const lanes = ['service', 'queue'] as const;

/** Where a job stands when death comes, with the door that holds it there, if a door does. In a commit all is written and nothing kept. */
const points = {
  'before its commit': undefined,
  'in the commit of its start': undefined,
  'committed, not acknowledged': 'dispatch',
  'acknowledged, not dispatched': 'dispatch',
  queued: 'queued',
  'running, before its first report': 'begun',
  'in the middle of its reports': 'middle',
  'answered, not recorded': 'answered',
  'in the commit of its outcome': 'answered',
  'recorded, not shown': 'after',
} as const;
type Point = keyof typeof points;

/** What is to die at a point. */
interface Death {
  readonly at: Point;
  readonly lane: Lane;
  /** Nobody is connected from before the death until the end, and its recovery is killed at the same point. */
  readonly alone?: boolean;
  /** The task is begun once, or again by another attempt. */
  readonly begun: 'once' | 'again';
}

/** Counts the scenes of the file: no two have the same session. */
let opened = 0;

/** A job with a session and a browser of its own, on its way to its point, through its death, to its end. */
class Scene {
  readonly death: Death;
  /** Names the session and the doors. */
  readonly name: string;
  readonly #visitor: Visitor;
  readonly #wire: Wire | undefined;
  #tab: Tab | undefined;

  private constructor(death: Death, name: string, visitor: Visitor, wire: Wire | undefined) {
    this.death = death;
    this.name = name;
    this.#visitor = visitor;
    this.#wire = wire;
  }

  static async open(death: Death, name: string): Promise<Scene> {
    const isDeaf = !death.alone && ['committed, not acknowledged', 'recorded, not shown'].includes(death.at);
    const wire = isDeaf ? await new Wire(world.servers.app.port).start() : undefined;
    const url = wire?.url ?? world.servers.url;
    const context = await openWindow(world.browser);
    const scene = new Scene(death, name, new Visitor(context, url), wire);
    await context.addCookies([{ name: 'session', value: scene.name, url }]);
    return scene;
  }

  /** True for a point where a job cannot stand for long: it waits in the middle. An answer in the queue lane counts as lost after 20 seconds. */
  get #late(): boolean {
    const { at } = this.death;
    return points[at] === 'answered' || (at === 'recorded, not shown' && this.#wire !== undefined);
  }

  get tab(): Tab {
    if (!this.#tab) throw new Error(`The scene ${this.name} has not begun.`);
    return this.#tab;
  }

  arrivals(point: string): number {
    return outside.arrivals(`${this.name}.${point}`);
  }

  /** Brings the job to its point, or as near as it can wait for {@link step}. */
  async begin(): Promise<void> {
    const { at, lane, alone } = this.death;
    const door = points[at];
    if (door) outside.shut(`${this.name}.${door}`);
    if (this.#late) outside.shut(`${this.name}.middle`);
    this.#tab = await this.#visitor.open(`/?lane=${lane}`);
    await this.tab.mark();
    if (at === 'in the commit of its start' || at === 'committed, not acknowledged') return;
    if (at === 'before its commit') {
      await this.tab.click('Refuse');
      await this.tab.settled();
    }
    await this.tab.click('Start');
    if (at === 'before its commit') {
      await this.tab.sees('Changes cannot be saved at the moment. This window retains them and retries.');
      return;
    }
    if (door === 'middle') await this.tab.sees('line 2');
    await this.arrives(this.#late ? 'middle' : (door as string));
    await this.tab.settled();
    if (alone) await this.tab.page.goto('about:blank');
  }

  /** The last step to the point, for those who cannot stand there for long. */
  async step(): Promise<void> {
    const { at } = this.death;
    this.#wire?.deafen();
    const since = world.log.length;
    if (at === 'in the commit of its start') {
      await this.tab.click('Dwell');
      await this.tab.settled();
    }
    if (at === 'in the commit of its start' || at === 'committed, not acknowledged') await this.tab.click('Start');
    if (this.#late) {
      outside.unlock(`${this.name}.middle`);
      await this.arrives(points[at] as string);
    }
    if (at === 'in the commit of its outcome') outside.unlock(`${this.name}.answered`, 'dwell');
    if (at.startsWith('in the commit')) {
      await until('the storage is in the middle of the commit', () =>
        world.log.slice(since).some((line) => line.includes(`In the middle of a commit of user:${this.name}`)),
      );
    }
    if (!this.#wire) return;
    await this.arrives(points[at] as string);
    const words = await this.tab.words();
    expect(words).toContain(at === 'recorded, not shown' ? 'Ends: 0' : 'Clicks: 0');
  }

  /** Resolves when the job has come to a door so many times. */
  async arrives(door: string, times = 1): Promise<void> {
    const what = `${this.name} comes to the door ${door} ${times} times`;
    await until(what, () => this.arrivals(door) >= times, recovery);
  }

  /** Resolves when the recovery has come to the point where the first life ended. */
  standsAgain(): Promise<void> {
    return this.arrives(points[this.death.at] as string, 2);
  }

  /** The server has died: what it sent to a deaf browser is lost, and nothing holds the job any more. */
  release(): void {
    this.#wire?.cut();
    this.#wire?.mend();
    const door = points[this.death.at];
    if (door) outside.unlock(`${this.name}.${door}`);
  }

  async expectWell(): Promise<void> {
    onTestFailed(() => console.error([...this.#visitor.report(), '— servers', ...world.log.slice(-120)].join('\n')));
    const { tab } = this;
    const { at, alone, begun } = this.death;
    if (alone) {
      // The handler goes on without a browser, up to its last door; whoever died twice at that one comes to it for the third time.
      await this.arrives('after', at === 'recorded, not shown' ? 3 : 1);
      await tab.page.goBack();
    }
    await tab.sees('end', recovery);
    await tab.sees('done');
    const words = await tab.words();
    expect(words.filter((word) => /^(Clicks|Ends): /.test(word))).toEqual(['Clicks: 1', 'Ends: 1']);
    expect(words.filter((word) => /^(line|answer|end)/.test(word))).toEqual([
      ...Array.from({ length: 6 }, (_, line) => `line ${line}`),
      'answer: six lines',
      'end',
    ]);
    expect(words.filter((word) => ['work', 'done'].includes(word))).toEqual(['work', 'done']);
    expect(await tab.page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value)).toBe(100);
    expect(this.arrivals('begun') === 1 ? 'once' : 'again').toBe(begun);
    if (!alone) expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
    expect(this.#visitor.troubles).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#visitor.context.close();
    await this.#wire?.[Symbol.asyncDispose]();
  }
}

/**
 * Before the tests of a block, brings the jobs of each group to their points and has the victim die; once more for those who are
 * alone, when their recovery has come to the same point.
 */
function deaths(victim: 'app' | 'compute', ...groups: readonly (readonly Death[])[]): (death: Death) => Promise<void> {
  const scenes = new Map<Death, Scene>();
  const kill = async () => {
    await world.servers[victim].kill();
    await world.servers[victim].ready();
  };
  beforeAll(async () => {
    for (const group of groups) {
      // One in each lane at a time: on a machine of two cores all pages at once are not sooner there.
      await Promise.all(
        lanes.map(async (lane) => {
          for (const death of group.filter((each) => each.lane === lane)) {
            const queue = [...scenes.keys()].filter((each) => each.lane === lane).length;
            const scene = await Scene.open(death, `${queue}-${lane}-${++opened}`);
            scenes.set(death, scene);
            await scene.begin();
          }
        }),
      );
      const standing = group.map((death) => scenes.get(death) as Scene);
      await Promise.all(standing.map((scene) => scene.step()));
      await kill();
      const alone = standing.filter(({ death }) => death.alone);
      for (const scene of standing) if (!scene.death.alone) scene.release();
      if (alone.length === 0) continue;
      // The others have come through by then: a second death is none of theirs.
      await Promise.all(standing.map((scene) => (scene.death.alone ? scene.standsAgain() : scene.arrives('after'))));
      await kill();
      for (const scene of alone) scene.release();
    }
  }, patience);
  afterAll(() => Promise.all([...scenes.values()].map((scene) => scene.close())));
  return async (death) => scenes.get(death)?.expectWell();
}

/** One of a point in each lane. */
function inBoth(at: Point, begun: Death['begun'], alone = false): Death[] {
  return lanes.map((lane) => ({ at, lane, begun, alone }));
}

describe('the app dies', () => {
  const here: Death[] = [
    ...inBoth('before its commit', 'once'),
    ...inBoth('committed, not acknowledged', 'once'),
    ...inBoth('acknowledged, not dispatched', 'once'),
    { at: 'queued', lane: 'queue', begun: 'once' },
    ...inBoth('running, before its first report', 'again'),
    ...inBoth('in the middle of its reports', 'again'),
    ...inBoth('answered, not recorded', 'again'),
    ...inBoth('recorded, not shown', 'once'),
  ];
  const alone: Death[] = [
    { at: 'acknowledged, not dispatched', lane: 'service', begun: 'once', alone: true },
    ...inBoth('running, before its first report', 'again', true),
    ...inBoth('in the middle of its reports', 'again', true),
    ...inBoth('answered, not recorded', 'again', true),
    ...inBoth('recorded, not shown', 'once', true),
  ];
  const expectWell = deaths('app', [...here, ...alone]);
  test.each(here)('[NF4] $at, $lane lane', expectWell, patience);
  test.each(alone)('[NF4] $at, $lane lane, nobody there, and again in the recovery', expectWell, patience);
});

describe('the app dies in the middle of a transaction', () => {
  // A thread dwells in one transaction at a time, so each has a death of its own: first the one whose recovery takes longest.
  const table: Death[] = [
    { at: 'in the commit of its outcome', lane: 'queue', begun: 'again' },
    { at: 'in the commit of its outcome', lane: 'service', begun: 'again' },
    ...inBoth('in the commit of its start', 'once'),
  ];
  const expectWell = deaths('app', ...table.map((death) => [death]));
  test.each(table)('$at, $lane lane', expectWell, patience);
});

describe('compute dies', () => {
  const here: Death[] = [
    ...inBoth('running, before its first report', 'again'),
    ...inBoth('in the middle of its reports', 'again'),
    ...inBoth('answered, not recorded', 'once'),
  ];
  const alone = [
    ...inBoth('running, before its first report', 'again', true),
    ...inBoth('in the middle of its reports', 'again', true),
  ];
  const expectWell = deaths('compute', [...here, ...alone]);
  test.each(here)('$at, $lane lane', expectWell, patience);
  test.each(alone)('$at, $lane lane, nobody there, and again in the recovery', expectWell, patience);
});

describe('many jobs', () => {
  test(
    '100 in flight over both lanes: the app dies, then compute, and each has one outcome',
    async () => {
      const reader = await world.visitor();
      await reader.context.addCookies([{ name: 'session', value: '0-many', url: world.servers.url }]);
      for (const lane of lanes) outside.shut(`0-many.${lane}`);
      const arrivals = (lane: Lane) => outside.arrivals(`0-many.${lane}`);
      /** The service lane runs all that it has places for, the queue lane a batch; the others wait. */
      const full = (service: number, queue: number) =>
        until('both lanes are full', () => arrivals('service') >= service && arrivals('queue') > queue, recovery);
      const tab = await reader.open('/many');
      await tab.mark();
      for (const lane of lanes) {
        await tab.page.getByRole('button', { name: `Start ${lane}` }).evaluate((button) => {
          for (let click = 0; click < 50; click++) (button as HTMLElement).click();
        });
      }
      await tab.sees('0 of 100');
      await tab.settled();
      await full(32, 0);
      await world.servers.app.kill();
      await world.servers.app.ready();
      await full(64, arrivals('queue'));
      await world.servers.compute.kill();
      await world.servers.compute.ready();
      for (const lane of lanes) outside.unlock(`0-many.${lane}`);
      await tab.sees('100 of 100', recovery);
      await expectTruth(tab);
      const answers = (await tab.page.locator('#answers').innerText()).split('\n');
      const all = lanes.flatMap((lane) => Array.from({ length: 50 }, (_, number) => `${lane} ${number}`));
      expect(answers.sort()).toEqual(all.sort());
      expect((await tab.words()).filter((word) => word === 'done')).toHaveLength(100);
      expect(await tab.marked()).toBe(true);
    },
    patience,
  );
});

test(
  '[NF11] a page function that fails after the death of the app: a quiet notice, no reload, and every click counts once',
  async () => {
    const reader = await world.visitor();
    await reader.context.addCookies([{ name: 'session', value: '0-fragile', url: world.servers.url }]);
    const tab = await reader.open('/fragile');
    await tab.mark();
    await tab.click('Add');
    await tab.sees('Count: 1');
    await tab.settled();
    outside.breakDown('fragile');
    await world.servers.app.kill();
    await world.servers.app.ready();
    await tab.page
      .getByRole('status')
      .filter({ hasText: 'could not be built, and is tried again' })
      .waitFor({ timeout: recovery });
    await tab.click('Add');
    await tab.click('Add');
    expect(await tab.words()).toContain('Count: 1');
    expect(await tab.page.locator('dialog, [aria-modal]').count()).toBe(0);
    outside.breakDown('fragile', false);
    await tab.sees('Count: 3', recovery);
    await tab.isGone(/could not be built/);
    await tab.settled();
    expect(await tab.marked()).toBe(true);
    await expectTruth(tab);
  },
  patience,
);
