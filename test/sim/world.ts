import { isOpen, type JobRecord, jobLimits } from '../../src/jobs/index.ts';
import type { Json, MirrorNode } from '../../src/protocol/index.ts';
import { decode, type MemoryStore } from '../../src/storage/index.ts';
import { computeService } from '../../src/testing/compute.ts';
import { type SentEvent, seeded, TestBrowser, TestServer, VirtualClock, type Wire } from '../../src/testing/index.ts';
import { TestQueue } from '../unit/jobs-kit.ts';
import { inspect } from './check.ts';
import { MortalCompute } from './compute.ts';
import { type Block, type BlockKind, type Chance, program, randomBlocks, tasksOf, type World } from './program.ts';

/** A broken part of the engine. The simulation must detect it. */
export interface Mutant {
  readonly name: string;
  /** The blocks that reach the broken part. Other blocks would only take time. */
  readonly blocks?: readonly BlockKind[];
  store?(): MemoryStore;
  /** Breaks code of the engine itself. @returns a function that restores it. */
  patch?(): () => void;
  connected?(wire: Wire, server: TestServer): void;
}

/** What breaks in a run, beside what the network does with each message. */
type Fault =
  | ('cut' | 'hold' | 'repeat' | 'slow' | 'full' | 'offline' | 'skew' | 'storage' | 'compute')
  | ('kill' | 'killSoon' | 'evict' | 'force' | 'rows' | 'deploy' | 'save' | 'update' | 'builds' | 'ring')
  | ('reload' | 'open' | 'duplicate' | 'close');

/** The faults that are frequent in some runs. */
const faultsOfModes = [
  'rows',
  'deploy',
  'save',
  'update',
  'builds',
  'evict',
  'force',
] as const satisfies readonly Fault[];

/** What a run may be made to do: kill the object at each await, evict it whenever it may sleep, or repeat one fault. */
export const modes = ['replay', ...faultsOfModes] as const;
export type Mode = (typeof modes)[number];

export interface SimOptions {
  /** Makes the run of this mode. @default what the seed says */
  readonly mode?: Mode;
  /** The blocks of which pages are made. @default all */
  readonly blocks?: readonly BlockKind[];
  readonly mutant?: Mutant;
  /** Receives each step as a line. */
  readonly trace?: (line: string) => void;
}

export interface SimResult {
  readonly seed: number;
  /** Problems found; empty when all invariants held. */
  readonly problems: readonly string[];
  readonly events: number;
}

/** One page in one tab, as the simulated user has used it. */
export interface Tab {
  readonly name: string;
  readonly browser: TestBrowser;
  /** Expected values of fields that only the user writes, by page and node number. */
  readonly typed: Map<string, string>;
}

/** The error of page functions while they fail. */
export const brokenBuild = new Error('The database of the page function is away.');

/** Runs one simulated session from its seed, the source of all randomness. */
export class Simulation implements World {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly server: TestServer;
  readonly compute: MortalCompute;
  readonly tabs: Tab[] = [];
  /** Blocks of the application's present version. */
  blocks: Block[];
  /** Blocks that a deploy removed or added later. The events do not determine what they show. */
  readonly unknown = new Set<string>();
  /** True while no object died. Then no effect of a handler after an await may be missing. */
  calm = true;
  /** True when sockets slept through an update or a forced eviction. They notice when something wakes the object. */
  stale = false;
  /** {@link World.inserted} */
  inserted = 0;
  /** {@link World.released} */
  readonly released = new Set<string>();
  readonly problems: string[] = [];
  readonly #chance: Chance;
  readonly #steps: string[] = [];
  /** The first value of each call of {@link World.leaves}. */
  readonly #left = new Map<string, number>();
  #leaving = 0;
  readonly #options: SimOptions;
  /** Forced evictions keep sockets and lose uncommitted changes, which no platform does. */
  readonly #harsh: boolean;
  readonly #grows: boolean;
  /** Kills the object once at each await of a handler. */
  readonly #replays: boolean;
  /** Evicts the object whenever it may sleep. */
  readonly #evicts: boolean;
  /** A fault that is frequent in this run. */
  readonly #favourite: Fault | undefined;
  #decorated = false;
  /** True once page functions have failed in this run. */
  #failed = false;
  /** True while page functions fail. */
  #broken = false;
  #count = 0;
  /** How many times an object has begun. */
  #lives = 0;
  #opened = 0;
  #checkedWires = 0;

  constructor(seed: number, options: SimOptions = {}) {
    this.seed = seed;
    this.#options = options;
    const chance = seeded(seed);
    this.#chance = chance;
    this.clock = new VirtualClock(seeded(seed ^ 0x5bd1e995));
    const { mode } = options;
    this.#harsh = chance() < 0.15 || mode === 'force';
    this.#grows = chance() < 0.5;
    this.#replays = chance() < 0.15 || mode === 'replay';
    this.#evicts = chance() < 0.2 || mode === 'evict';
    const favourite = faultsOfModes[Math.floor(chance() * 2 * faultsOfModes.length)];
    this.#favourite = faultsOfModes.find((fault) => fault === mode) ?? favourite;
    if (this.#replays) this.calm = false;
    this.#count = 1 + this.#below(5);
    this.blocks = randomBlocks(chance, this.#count, 0, options.blocks ?? options.mutant?.blocks);
    const pace = chance() < 0.5 ? 2 : 20;
    const store = options.mutant?.store?.();
    this.compute = new MortalCompute(
      computeService(
        tasksOf(() => new Promise((resolve) => this.clock.after(this.#someTime(), resolve)), this.leaves),
        this.clock,
      ),
      this.clock,
    );
    const services = { COMPUTE: this.compute };
    const queue = new TestQueue(this.clock, () => this.server.session.jobs.consumer, services);
    queue.copies = chance() < 0.2 ? 2 : 1;
    this.server = new TestServer({
      clock: this.clock,
      pages: this.#pages(),
      services,
      send: queue.send,
      stopped: () => {
        // What awaits something else than `run` is lost with the object, unless a browser watches it.
        const strays = [...this.server.session.pages.values()].some(
          ({ delivery, handlers }) => !delivery.watched && handlers.strays.length > 0,
        );
        if (strays) this.calm = false;
        this.#lives++;
        queue.cut();
      },
      latency: () => chance() * pace,
      alwaysReplay: this.#replays,
      alwaysEvict: this.#evicts,
      // The warnings of development take most of the time.
      development: chance() < 0.05,
      policy: { pageIdle: 40 * 86_400_000, sessionIdle: 100 * 86_400_000 },
      ...(store && { store }),
    });
  }

  readonly leaves = (call: string, value: number): number => {
    const before = this.#left.get(call) ?? value;
    this.#left.set(call, before);
    if (before !== value) this.problems.push(`The call ${call} left with ${before}, and made again with ${value}`);
    return ++this.#leaving;
  };

  readonly send = (name: string, value: unknown): Promise<void> => this.server.send(name, value);

  /** What a function of the application awaits. It goes no further when its object has died. */
  readonly pause = (): Promise<void> => {
    const lives = this.#lives;
    return new Promise((resolve) => {
      this.clock.after(this.#someTime(), () => {
        if (lives === this.#lives) resolve();
      });
    });
  };

  #someTime(): number {
    return this.clock.random() ** 3 * 4_000;
  }

  async run(): Promise<SimResult> {
    try {
      this.#trace(
        `blocks: ${this.blocks.map((block) => block.name).join(', ')}${this.#harsh ? ' (harsh)' : ''}${this.#replays ? ' (replays)' : ''}${this.#evicts ? ' (evicts)' : ''}`,
      );
      await this.#open();
      await this.clock.advance(this.#below(100));
      const steps = 15 + this.#below(35);
      for (let step = 0; step < steps && this.problems.length === 0; step++) {
        await this.#step();
        this.#checkTyped();
      }
      if (this.problems.length === 0) await this.#heal();
    } catch (error) {
      this.problems.push(`It threw ${error instanceof Error ? error.stack : String(error)}`);
    }
    this.server.stop();
    const events = this.tabs.reduce((sum, tab) => sum + tab.browser.history.length, 0);
    return { seed: this.seed, problems: this.problems, events };
  }

  /** Timers that may be pending at rest: a heartbeat for each tab, and the alarm. */
  get idleTimers(): number {
    return this.tabs.length + (this.server.alarmAt === null ? 0 : 1);
  }

  /** True for a notice in the client's status line that a fault of this run explains. */
  explains(notice: string): boolean {
    return this.#failed && (notice.includes(brokenBuild.message) || notice.includes('cannot load this page'));
  }

  /** Everything that the run made: its steps, each message of each socket, the log and the stored rows. */
  get transcript(): string[] {
    const { store, log, connections } = this.server;
    const rows = store.pages().flatMap((page) => [page, ...store.cells(page.page)]);
    return [
      ...this.#steps,
      ...connections.flatMap(({ received, sent }) => [...received, ...sent]),
      ...log.map(({ level, message }) => `${level}: ${message}`),
      ...[...rows, ...store.jobs('all'), ...store.due()].map((row) => JSON.stringify(row)),
      `${this.clock.time} ${this.clock.random()}`,
    ];
  }

  /** Returns a page's events in the order of their numbers. An event replaced while it waited appears in its last form. */
  events(tab: Tab): SentEvent[] {
    const events = new Map<number, SentEvent>();
    for (const event of tab.browser.history) if (event.page === tab.browser.link.page) events.set(event.number, event);
    return [...events.values()].sort((a, b) => a.number - b.number);
  }

  #pages() {
    return { '/': program(this.blocks, this, this.#decorated) };
  }

  #below(limit: number): number {
    return Math.floor(this.#chance() * limit);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#below(items.length)];
  }

  #trace(line: string): void {
    const step = `${(this.clock.time / 1_000).toFixed(3)} ${line}`;
    this.#steps.push(step);
    this.#options.trace?.(step);
  }

  async #step(): Promise<void> {
    if (this.#chance() < 0.6) for (let count = 1 + this.#below(4); count > 0; count--) this.#act();
    else await this.#fault();
    const kind = this.#chance();
    const ms = kind < 0.6 ? 20 : kind < 0.85 ? 300 : kind < 0.96 ? 3_000 : 40_000;
    await this.clock.advance(this.#chance() * ms);
  }

  // ---- the user

  #act(): void {
    const tab = this.#pick(this.tabs);
    if (!tab) return;
    const { browser } = tab;
    const nodes: MirrorNode[] = [];
    const visit = (node: MirrorNode) => {
      const { kind, props } = node;
      if (
        actionOf(props) !== undefined ||
        kind === 'confirm' ||
        kind === 'prompt' ||
        (kind === 'notification' && props.timeout === 0)
      )
        nodes.push(node);
      node.children.forEach(visit);
    };
    visit(browser.root);
    const node = this.#pick(nodes);
    if (!node) return;
    const before = browser.history.length;
    const { value } = node.props;
    switch (node.kind) {
      case 'button':
        browser.emit(node, 'click');
        break;
      case 'input':
        this.#type(tab, node);
        break;
      case 'checkbox':
        browser.emit(node, 'value', !value);
        break;
      case 'select':
        browser.emit(node, 'value', this.#pick(node.props.options as { value: string }[])?.value as string);
        break;
      case 'tabs':
        browser.emit(node, 'value', value === 'One' ? 'Two' : 'One');
        break;
      case 'dialog':
        if (node.props.open) browser.emit(node, 'open', false);
        break;
      case 'notification':
        browser.emit(node, 'done');
        break;
      case 'confirm':
        browser.emit(node, 'answer', this.#chance() < 0.5);
        break;
      case 'prompt':
        browser.emit(node, 'answer', this.#chance() < 0.3 ? null : 'Ada');
        break;
    }
    const made = browser.history.slice(before).map((event) => `${event.number} ${actionOf(event.props) ?? event.kind}`);
    this.#trace(`${tab.name} acts on ${actionOf(node.props) ?? node.kind}: ${made.join(', ') || 'nothing sent yet'}`);
  }

  #type(tab: Tab, node: MirrorNode): void {
    const { browser } = tab;
    const text = `${node.props.value}${'abcdefghij'[this.#below(10)]}`.slice(-6);
    browser.edit(node, text);
    const action = actionOf(node.props);
    if (action?.endsWith('!')) tab.typed.set(`${browser.link.page} ${node.id} ${action.split('.')[0]}`, text);
    if (this.#chance() < 0.3) browser.flush();
    const on = node.props.on as Record<string, Json> | undefined;
    if (on?.['keydown.enter'] && this.#chance() < 0.4) browser.emit(node, 'keydown.enter');
  }

  #checkTyped(): void {
    for (const { name, browser, typed } of this.tabs) {
      for (const [place, text] of typed) {
        const [page, id, block = ''] = place.split(' ');
        if (page !== browser.link.page || this.unknown.has(block) || !browser.attached) continue;
        const shown = browser.get(Number(id))?.props.value;
        if (shown !== text) this.problems.push(`${name} shows ${shown} where the user typed ${text} (I5)`);
      }
    }
  }

  // ---- the faults

  async #fault(): Promise<void> {
    const tab = this.#pick(this.tabs);
    const { server, clock } = this;
    if (!tab) return;
    const { browser, name } = tab;
    const wire = this.#pick(server.wires) ?? browser.wire;
    const faults: Readonly<Record<Fault, () => unknown>> = {
      cut: () => {
        const noticed = this.#pick(['both', 'both', 'browser', 'session', 'nobody'] as const) ?? 'both';
        const arriving = { up: this.#below(3), down: this.#below(3), late: this.#chance() < 0.3 };
        wire?.cut(noticed, arriving);
        for (const end of ['browser', 'session'] as const) {
          if (this.#chance() < 0.7) clock.after(this.#chance() * 20_000, () => wire?.notice(end));
        }
        return `${noticed} ${JSON.stringify(arriving)}`;
      },
      hold: () => {
        const direction = this.#pick(['up', 'down'] as const) ?? 'up';
        const ms = this.#chance() ** 3 * 30_000;
        wire?.hold(direction);
        clock.after(ms, () => wire?.release(direction));
        return `${direction} for ${Math.round(ms)}`;
      },
      repeat: () => wire?.repeat(this.#pick(['up', 'down'] as const) ?? 'up'),
      slow: () => {
        wire?.slow(50 + this.#chance() * 2_000);
        clock.after(this.#chance() * 60_000, () => wire?.slow(Number.POSITIVE_INFINITY));
      },
      full: () => {
        // The browser reads nothing for a while.
        wire?.hold('down');
        clock.after(this.#chance() ** 2 * 50_000, () => wire?.release('down'));
      },
      kill: () => this.#kill(),
      compute: () => this.#killCompute(),
      killSoon: () => void clock.after(this.#chance() * 150, () => this.#kill()),
      evict: async () => {
        await clock.advance(2_500);
        if (server.whyAwake().length > 0) return 'it stays awake';
        server.evict();
        return undefined;
      },
      force: () => {
        if (!this.#harsh) return 'not in this run';
        this.calm = false;
        this.stale = true;
        server.evict(true);
        return undefined;
      },
      // The object dies before a click arrives. The next one finds another row in front of the clicked one.
      rows: () => {
        for (let count = 1 + this.#below(3); count > 0; count--) this.#act();
        this.inserted++;
        this.#kill();
      },
      deploy: () => this.#deploy(),
      // The development server has another instance take over what is in memory. Sleeping pages notice when something wakes them.
      save: () => {
        this.calm = false;
        this.stale = true;
        this.#change();
        server.save(this.#pages());
        return this.blocks.map((block) => block.name).join(', ');
      },
      // A new version exists. The old instance ends when its storage says so.
      update: () => {
        this.calm = false;
        this.stale = true;
        server.deploy(this.#pages(), { stale: true });
      },
      builds: () => {
        this.#breakBuilds(true);
        clock.after(this.#chance() ** 2 * 60_000, () => this.#breakBuilds(false));
      },
      storage: () => {
        server.store.failure = new Error('The disk is full.');
        clock.after(this.#chance() * 4_000, () => {
          server.store.failure = undefined;
        });
      },
      // Without a network no document loads.
      reload: () => (browser.online && !this.#broken ? browser.reload(this.#chance() < 0.5) : 'no document'),
      open: () => this.#open(),
      duplicate: async () => {
        if (this.tabs.length >= 4 || this.#broken) return;
        this.#add(await browser.duplicate());
        await clock.advance(1_000);
      },
      close: () => {
        if (this.tabs.length < 2) return;
        browser.close();
        this.tabs.splice(this.tabs.indexOf(tab), 1);
      },
      offline: () => {
        browser.online = false;
        clock.after(this.#chance() ** 2 * 60_000, () => {
          browser.online = true;
        });
      },
      skew: () => {
        // A jump of the clock may forget the job that recorded that compute was there once.
        if (this.compute.away) return 'compute is away';
        const back = this.#chance() < 0.5 && !this.blocks.some(({ name }) => /^(timer|waits)/.test(name));
        clock.skew((back ? -1 : 1) * this.#chance() * 20 * 3_600_000);
        return undefined;
      },
      ring: () => server.ring(),
    };
    const often = this.#favourite && this.#chance() < 0.4;
    const fault = often ? this.#favourite : (this.#pick(Object.keys(faults)) as Fault);
    this.#trace(`fault ${fault} (${name})`);
    const detail = await faults[fault]();
    if (detail !== undefined) this.#trace(`  ${String(detail)}`);
    this.#watch();
  }

  #kill(): void {
    this.calm = false;
    this.#trace('killed');
    this.server.kill();
  }

  /** Rare and short enough that no job may be given up. */
  #killCompute(): string {
    const { compute, clock, server } = this;
    if (compute.deaths === jobLimits.lost) return 'not again';
    const hourAgo = clock.now() - 3_600_000;
    const known = server.store.jobs('all').some(({ state }) => {
      const record = decode(state) as JobRecord;
      return record.reached && (isOpen(record) || record.created > hourAgo);
    });
    const most = (known ? jobLimits.away : jobLimits.missing) / (jobLimits.lost + 1);
    const ms = this.#chance() * most;
    const says = this.#pick(['Worker "compute" not found.', 'Network connection lost.']) as string;
    compute.die(says, ms);
    return `${says} For ${Math.round(ms)}`;
  }

  /** Makes another version of the application. */
  #change(): void {
    const kind = this.#below(3);
    if (kind === 1) this.#decorated = !this.#decorated;
    if (kind === 2 && this.#grows) {
      this.blocks = [
        ...this.blocks,
        ...randomBlocks(this.#chance, 1, this.#count++, this.#options.blocks ?? this.#options.mutant?.blocks),
      ];
    } else if (kind === 2 && this.blocks.length > 1) {
      const gone = this.blocks.at(-1) as Block;
      this.blocks = this.blocks.slice(0, -1);
      this.unknown.add(gone.name);
      // Its waiting handlers are interrupted.
      this.calm = false;
    }
  }

  #deploy(): string {
    this.#change();
    const busy = this.server.whyAwake().length > 0;
    if (busy) this.calm = false;
    else this.stale = true;
    this.server.deploy(this.#pages());
    return `${busy ? 'busy' : 'idle'}: ${this.blocks.map((block) => block.name).join(', ')}`;
  }

  #breakBuilds(broken: boolean): void {
    this.#broken = broken;
    if (broken) this.#failed = true;
    this.server.failBuilds(broken ? undefined : 0, { error: brokenBuild, later: this.#chance() < 0.5 });
  }

  async #open(): Promise<void> {
    if (this.tabs.length >= 4 || this.#broken) return;
    this.#add(await TestBrowser.open(this.server, this.clock, '/'));
  }

  #add(browser: TestBrowser): void {
    this.tabs.push({ name: `tab ${++this.#opened}`, browser, typed: new Map() });
    this.#watch();
  }

  /** Gives each new socket to the mutant, if there is one. */
  #watch(): void {
    const { connected } = this.#options.mutant ?? {};
    if (!connected) return;
    for (; this.#checkedWires < this.server.connections.length; this.#checkedWires++) {
      connected(this.server.connections[this.#checkedWires] as Wire, this.server);
    }
  }

  // ---- the end at rest

  async #heal(): Promise<void> {
    const { server, clock } = this;
    this.#trace('heals');
    this.#breakBuilds(false);
    server.store.failure = undefined;
    for (const wire of server.connections) {
      wire.release('up');
      wire.release('down');
      wire.slow(Number.POSITIVE_INFINITY);
      // A browser notices by itself. The platform notifies the session of a browser that is gone.
      wire.notice('session');
    }
    for (const { browser } of this.tabs) browser.online = true;
    // The longest way back: an event without an answer, a ping, no pong, a pause, another hello.
    for (let replays: number | undefined; replays !== server.replays; ) {
      replays = server.replays;
      await clock.advance(70_000);
    }
    server.store.failure = undefined;
    this.#checkTyped();
    // A deploy shows when something wakes the object.
    for (const { browser } of this.tabs) if (this.stale) browser.wire?.cut('both');
    await clock.advance(10_000);
    for (const tab of this.tabs) this.#press(tab, (action) => action.endsWith('.stop'));
    await clock.advance(20_000);
    // A heartbeat may be under way.
    for (let tries = 0; tries < 10 && this.clock.pending > this.idleTimers; tries++) await clock.advance(100);
    this.problems.push(...inspect(this, true));
    if (this.problems.length > 0) return;
    // Evict, then wake by an event. The rebuilt pages are the same to the last prop, so only the event's own
    // patch travels.
    this.#trace('sleeps and wakes');
    server.evict();
    const sent = this.tabs.map(({ browser }) => browser.wire?.sent.length ?? 0);
    const same = this.tabs.map(({ browser }) => {
      // A stale socket's late message may have rebuilt the page meanwhile. Then this tab must notice.
      const [memory, row] = [browser.wire?.memory, server.store.page(browser.link.page)];
      return memory?.epoch === row?.epoch && memory?.frame === row?.frame;
    });
    for (const tab of this.tabs) this.#press(tab, (action) => /\.(more|make|short|stop|1|work)$/.test(action), 1);
    // Each replay delays the handlers of all tabs.
    for (let replays: number | undefined; replays !== server.replays; ) {
      replays = server.replays;
      await clock.advance(12_000);
    }
    this.problems.push(...inspect(this, false));
    this.tabs.forEach(({ name, browser }, index) => {
      const snapshot = browser.wire?.sent.slice(sent[index]).find((text) => text.startsWith('["s"'));
      if (snapshot && same[index])
        this.problems.push(`${name} got a snapshot although the rebuilt page should be the same (3)`);
    });
  }

  #press(tab: Tab, chosen: (action: string) => boolean, most = Number.POSITIVE_INFINITY): void {
    let count = 0;
    const visit = (node: MirrorNode) => {
      const action = actionOf(node.props);
      if (node.kind === 'button' && action !== undefined && chosen(action) && count < most) {
        count++;
        tab.browser.emit(node, 'click');
      }
      node.children.forEach(visit);
    };
    visit(tab.browser.root);
  }
}

/** Returns the value of `data-do` of elements that the user may act on. */
export function actionOf(props: { readonly [prop: string]: Json | undefined }): string | undefined {
  const attrs = props.attrs as Record<string, Json> | undefined;
  const action = attrs?.['data-do'];
  return typeof action === 'string' ? action : undefined;
}

export async function simulate(seed: number, options: SimOptions = {}): Promise<SimResult> {
  const mend = options.mutant?.patch?.();
  try {
    return await new Simulation(seed, options).run();
  } finally {
    mend?.();
  }
}
