import { PageShares, type Push, type SharedListener, Shares, type SharesHost } from '../../src/shared/index.ts';
import { MemoryStore } from '../../src/storage/index.ts';
import { settled, TestShared, type TestSharedOptions, VirtualClock } from '../../src/testing/index.ts';

export const level = 'signal:level';

/** A session with one watched page, and nothing else: ten thousand whole sessions would be slow to build. */
export class Member implements SharedListener {
  readonly who: string;
  readonly store = new MemoryStore();
  readonly log: string[] = [];
  readonly #all: TestShared;
  readonly #clock: VirtualClock;
  shares!: Shares;
  /** Absent while the object sleeps. */
  #page: PageShares | undefined;
  #shown: unknown;
  #life = 0;
  watched = true;
  awaited: Promise<unknown> = Promise.resolve();
  told = 0;

  constructor(who: string, all: TestShared, clock: VirtualClock) {
    this.who = who;
    this.#all = all;
    this.#clock = clock;
    this.#begin();
    this.#wake();
    all.attach(who, { session: this });
  }

  /** What its browser shows. */
  get value(): unknown {
    return this.#page ? this.shares.get(level, 0).signal.value : this.#shown;
  }

  write(value: number): void {
    this.#wake().write(this.shares.get(level, 0), { set: `${value}` }, value);
  }

  add(amount: number): void {
    this.#wake().write(this.shares.get(level, 0), { add: amount, from: 0 }, undefined);
  }

  leave(): void {
    const page = this.#wake();
    this.watched = false;
    page.watchedChanged();
  }

  comeBack(): void {
    const page = this.#wake();
    this.watched = true;
    page.watchedChanged();
  }

  /** The object dies, and with it all that was not committed; its visitor is back at once. */
  kill(): void {
    this.shares.abandon();
    this.#begin();
    this.#wake();
  }

  /** The object sleeps with its socket open, unless something keeps it awake. */
  sleep(): void {
    if (this.shares.pending > 0 || this.shares.dirty) return;
    this.#shown = this.value;
    this.shares.abandon();
    this.#begin();
  }

  async sharedChanged(push: Push): Promise<number> {
    this.told++;
    if (!this.#page && this.watched) {
      this.shares.expect(push);
      this.#wake();
    }
    return this.shares.accepts(push) ? 1 : 0;
  }

  /** Builds the page, when it is not there. */
  #wake(): PageShares {
    if (this.#page) return this.#page;
    const member = this;
    this.#page = new PageShares(
      {
        id: member.who,
        delivery: {
          get watched() {
            return member.watched;
          },
        },
        tree: { constructing: false },
        handlers: {
          replay: undefined,
          read: () => undefined,
          readItems: () => undefined,
          readNumber: (_, read) => read(),
          recordWrite: () => {},
          refused: () => {},
          wroteItems: () => {},
          acts: () => {},
          current: undefined,
        },
        pageTree: { nextSegment: () => '' },
        build: {
          await: (promise) => {
            this.awaited = promise;
          },
        },
      },
      this,
      this,
    );
    this.shares.load();
    this.#page.use(level, 0);
    return this.#page;
  }

  #begin(): void {
    this.#page = undefined;
    const life = ++this.#life;
    const alive = () => life === this.#life;
    const { store } = this;
    let committing = false;
    const commitIn = (ms: number) => {
      if (committing) return;
      committing = true;
      host.clock.after(ms, () => {
        committing = false;
        try {
          store.transaction(() => this.shares.persist(store));
        } catch {
          commitIn(250);
          return;
        }
        this.shares.persisted();
      });
    };
    const host: SharesHost = {
      name: this.who,
      clock: {
        now: () => this.#clock.now(),
        random: () => this.#clock.random(),
        newId: () => this.#clock.newId(),
        after: (ms, fn) => this.#clock.after(ms, () => alive() && fn()),
        clear: (timer) => this.#clock.clear(timer),
      },
      store,
      object: (of) => this.#all.object(of, alive),
      keepAlive: () => {},
      commit: () => commitIn(0),
      log: (_, message) => this.log.push(message),
    };
    this.shares = new Shares(host);
  }
}

/** Sessions that watch one shared number. */
export async function crowd(count: number, latency: TestSharedOptions['latency'] = () => 5) {
  const clock = new VirtualClock();
  const all = new TestShared({ clock, latency });
  const members = Array.from({ length: count }, (_, index) => new Member(`s${index}`, all, clock));
  await clock.advance(10_000);
  await settled();
  const missing = () => members.filter((member) => member.watched && member.value !== members[0]?.value).length;
  const loads = () =>
    [...all.stores.keys()].map((of) => all.hub(of).subscribers.filter((who) => !who.includes('#')).length);
  return { clock, all, members, missing, loads };
}
