import type { Timer } from '../clock/index.ts';
import { capture } from '../context/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import { Hub, type SharedListener, type SharedObject } from '../shared/index.ts';
import { MemoryStore } from '../storage/index.ts';
import type { VirtualClock } from './clock.ts';

/** Options of {@link TestShared}. */
export interface TestSharedOptions {
  /** The clock of the shared objects. */
  readonly clock: VirtualClock;
  /** Compute Workers by the name of their binding. @default none */
  readonly services?: Readonly<Record<string, ComputeService>>;
  /**
   * Milliseconds that a call, or its answer, travels. With 0 a call takes no time but stays asynchronous.
   *
   * @default 0
   */
  readonly latency?: (call: string, what: 'call' | 'answer') => number;
}

/** A session that uses shared objects; see {@link TestServer}. */
interface Member {
  readonly session: SharedListener;
}

interface Activation {
  readonly hub: Hub;
  alive: boolean;
  /** Rejects when the object dies, as does each call that it has not answered. */
  readonly death: Promise<never>;
  die(error: Error): void;
}

/**
 * The shared objects of a test.
 * Runs the real objects over stores in memory. A test can kill and evict them.
 */
export class TestShared {
  readonly #options: TestSharedOptions;
  readonly #members = new Map<string, Member>();
  readonly #activations = new Map<string, Activation>();
  readonly #alarms = new Map<string, Timer>();
  readonly #arriving = new Map<number, (() => void)[]>();
  /**
   * The rows that the objects have stored, by object name.
   * @internal
   */
  readonly stores = new Map<string, MemoryStore>();
  /** The objects' entries in the Worker's log. */
  readonly log: { readonly level: string; readonly message: string; readonly error?: unknown }[] = [];
  /** Calls so far: `signal:progress.write`, `session ada.sharedChanged`. */
  readonly calls: string[] = [];
  /** Called before each call and before each answer. Returning true loses it. */
  lose: (call: string, what: 'call' | 'answer') => boolean = () => false;

  /** Starts with no object in memory and empty storage. */
  constructor(options: TestSharedOptions) {
    this.#options = options;
  }

  /**
   * Number of sessions that can use these objects.
   * @internal
   */
  get sessions(): number {
    return this.#members.size;
  }

  /** @internal */
  attach(name: string, member: Member): void {
    this.#members.set(name, member);
  }

  /**
   * Returns a shared object as others reach it: by calls that take time and fail when either side dies.
   * @internal
   */
  object(name: string, alive: () => boolean = () => true): SharedObject {
    const call = <R>(method: string, args: unknown[], run: (hub: Hub) => Promise<R>) =>
      this.#travel(`${name}.${method}`, args, alive, () => {
        const activation = this.#activation(name);
        return Promise.race([run(activation.hub), activation.death]);
      });
    return {
      read: (known) => call('read', [], (hub) => hub.read(known)),
      subscribe: (subscriber) => call('subscribe', [subscriber], (hub) => hub.subscribe(subscriber)),
      unsubscribe: (who, token) => call('unsubscribe', [], (hub) => hub.unsubscribe(who, token)),
      write: (id, op, known) => call('write', [op], (hub) => hub.write(id, op, known)),
      chunks: (job, from, to) => call('chunks', [], (hub) => hub.chunks(job, from, to)),
      changed: (push) => call('changed', [push], (hub) => hub.changed(push)),
    };
  }

  /**
   * Returns the engine of an object and wakes it when it sleeps.
   * @internal
   */
  hub(name: string): Hub {
    return this.#activation(name).hub;
  }

  /** True while the object is in memory. */
  isAwake(name: string): boolean {
    return this.#activations.has(name);
  }

  /** Kills an object. Calls under way fail. */
  kill(name: string): void {
    const activation = this.#activations.get(name);
    if (!activation) return;
    activation.alive = false;
    activation.hub.abandon();
    activation.die(reset());
    this.#activations.delete(name);
  }

  /** Evicts an idle object, as the platform does. @throws {Error} when the object is busy. */
  evict(name: string): void {
    const reasons = this.#activations.get(name)?.hub.whyAwake() ?? [];
    if (reasons.length > 0) throw new Error(`${name} does not sleep now: ${reasons.join('; ')}.`);
    this.kill(name);
  }

  #activation(name: string): Activation {
    const known = this.#activations.get(name);
    if (known) return known;
    const { clock, services } = this.#options;
    const store = this.stores.get(name) ?? new MemoryStore();
    this.stores.set(name, store);
    const alive = () => activation.alive;
    const hub = new Hub({
      name,
      clock: {
        now: () => clock.now(),
        random: () => clock.random(),
        newId: () => clock.newId(),
        after(ms, fn) {
          const within = capture();
          return clock.after(ms, () => alive() && within(fn));
        },
        clear: (timer) => clock.clear(timer),
      },
      store,
      build: 'test',
      session: (of) => ({
        sharedChanged: (push) =>
          this.#travel(`session ${of}.sharedChanged`, [push], alive, () => {
            const member = this.#members.get(of);
            if (!member) throw new Error(`There is no session ${of}.`);
            return member.session.sharedChanged(push);
          }),
      }),
      object: (of) => this.object(of, alive),
      service: (binding) => services?.[binding],
      keepAlive: (promise) => void promise.catch(() => {}),
      alarm: (at) => {
        if (alive()) this.#setAlarm(name, at);
      },
      log: (level, message, error) => this.log.push({ level, message, error }),
    });
    const { promise: death, reject: die } = Promise.withResolvers<never>();
    death.catch(() => {});
    const activation: Activation = { hub, alive: true, death, die };
    this.#activations.set(name, activation);
    return activation;
  }

  #setAlarm(name: string, at: number | null): void {
    const { clock } = this.#options;
    const old = this.#alarms.get(name);
    if (old !== undefined) clock.clear(old);
    this.#alarms.delete(name);
    if (at === null) return;
    const timer = clock.after(at - clock.now(), () => {
      this.#alarms.delete(name);
      void this.hub(name).alarm();
    });
    this.#alarms.set(name, timer);
  }

  /** A dead caller receives neither an answer nor an error. */
  async #travel<R>(call: string, args: unknown[], alive: () => boolean, run: () => Promise<R>): Promise<R> {
    this.calls.push(call);
    structuredClone(args);
    await this.#hop(call, 'call');
    if (this.lose(call, 'call')) throw reset();
    const result = await run();
    structuredClone(result);
    await this.#hop(call, 'answer');
    if (!alive()) return new Promise<never>(() => {});
    if (this.lose(call, 'answer')) throw reset();
    return result;
  }

  #hop(call: string, what: 'call' | 'answer'): Promise<void> {
    const ms = this.#options.latency?.(call, what) ?? 0;
    if (ms === 0) return Promise.resolve();
    const { clock } = this.#options;
    const at = clock.time + ms;
    // One timer for all calls that arrive at the same moment, because a test may have ten thousand sessions.
    const arriving = this.#arriving.get(at);
    return new Promise((resolve) => {
      if (arriving) {
        arriving.push(resolve);
        return;
      }
      const all = [resolve];
      this.#arriving.set(at, all);
      clock.after(ms, () => {
        this.#arriving.delete(at);
        for (const arrive of all) arrive();
      });
    });
  }
}

function reset(): Error {
  return Object.assign(new Error('The object was reset.'), { retryable: true });
}
