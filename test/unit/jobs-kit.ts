import { consume } from '../../src/app/queue-consumer.ts';
import { execute, TaskExecution, type TaskModule } from '../../src/compute/runner.ts';
import { type JobConsumerApi, type JobMessage, type JobRequest, Jobs } from '../../src/jobs/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import type { ComputeService, Outcome, Report, TaskCall } from '../../src/rpc/index.ts';
import { MemoryStore } from '../../src/storage/index.ts';
import type { Job } from '../../src/tasks/index.ts';
import { settled, type TestBrowser, VirtualClock } from '../../src/testing/index.ts';

/** A service whose every answer the test gives. */
export class Held implements ComputeService {
  readonly calls: HeldCall[] = [];
  /** What the platform says to whoever calls, while the service is away. */
  away: string | undefined;
  /** Set where the application was built with the service. */
  expected?: true;
  /** How often somebody found it away. */
  missed = 0;

  #beThere(): void {
    if (this.away === undefined) return;
    this.missed++;
    throw new Error(this.away);
  }

  async ready(): Promise<void> {
    this.#beThere();
  }

  async run(call: TaskCall) {
    this.#beThere();
    const held = new HeldCall(structuredClone(call));
    this.calls.push(held);
    return held.started.promise;
  }

  /** The last call of a task. */
  last(task = this.calls.at(-1)?.call.task): HeldCall {
    const call = this.calls.findLast((each) => each.call.task === task);
    if (!call) throw new Error(`There was no call of ${task}.`);
    return call;
  }
}

export class HeldCall {
  readonly call: TaskCall;
  readonly started = Promise.withResolvers<Outcome | { running: HeldCall }>();
  readonly outcome = Promise.withResolvers<Outcome>();
  observer: ((report: Report) => Promise<void>) | undefined;
  cancelled = 0;

  constructor(call: TaskCall) {
    this.call = call;
    this.outcome.promise.catch(() => {});
  }

  /** The task has yielded for the first time. */
  async goOn(): Promise<this> {
    this.started.resolve({ running: this });
    await settled();
    return this;
  }

  follow(observer: (report: Report) => Promise<void>): Promise<Outcome> {
    this.observer = observer;
    return this.outcome.promise;
  }

  async cancel(): Promise<void> {
    this.cancelled++;
  }

  async report(report: Partial<Report>): Promise<void> {
    await this.goOn();
    void this.observer?.({ chunks: [], size: 0, ...report });
    await settled();
  }

  async answer(outcome: Outcome): Promise<void> {
    this.outcome.resolve(outcome);
    this.started.resolve(outcome);
    await settled();
  }

  done(value: unknown): Promise<void> {
    return this.answer({ ok: true, value });
  }

  throws(message: string, own: Record<string, unknown> = {}, permanent = false): Promise<void> {
    return this.answer({ ok: false, error: { name: 'Error', message, own }, permanent });
  }

  /** What ran the task has died. */
  async dies(message = 'Network connection lost.'): Promise<void> {
    this.outcome.reject(new Error(message));
    this.started.reject(new Error(message));
    await settled();
  }
}

/** Runs tasks in this thread, with the copying that RPC does. */
export function service(tasks: TaskModule, clock: VirtualClock): ComputeService & { calls: TaskCall[] } {
  return {
    calls: [],
    async run(call) {
      this.calls.push(call);
      const begun = await execute(tasks, structuredClone(call), { clock, wait: settled });
      if (!(begun instanceof TaskExecution)) return structuredClone(begun);
      return {
        running: {
          follow: async (observer) =>
            structuredClone(await begun.follow((report) => observer(structuredClone(report)))),
          cancel: () => begun.cancel(),
        },
      };
    },
  };
}

/** The jobs of one session with a store, a clock and an alarm, and nothing else around them. */
export class Book {
  readonly clock: VirtualClock;
  readonly store = new MemoryStore();
  /** Bound as COMPUTE. */
  readonly service = new Held();
  /** Bound as OTHER. */
  readonly other = new Held();
  readonly sent: JobMessage[] = [];
  readonly logs: string[] = [];
  readonly watched = new Set<string>();
  readonly endings: string[] = [];
  /** Called when the object dies: whoever waits for its answer has to be told. */
  died: () => void = () => {};
  /** How sending a message ends. */
  send: (message: JobMessage) => Promise<void> = async (message) => void this.sent.push(message);
  /** True for an application without a queue; from the next life of the object on, as a binding is. */
  noQueue = false;
  continued = true;
  jobs: Jobs;
  alarms = 0;
  #life = 0;

  /** @param chance gives numbers from 0 to 1; the default is a generator with a fixed seed. */
  constructor(chance?: () => number) {
    this.clock = new VirtualClock(chance);
    this.jobs = this.#open();
    this.watched.add('page');
  }

  /** The object dies with all that was not committed; nothing but the alarm brings it back. */
  kill(): void {
    this.jobs.abandon();
    this.jobs = this.#open();
    this.died();
  }

  start(request: Partial<JobRequest> = {}): Job<unknown, unknown> {
    const job = this.jobs.start({
      page: 'page',
      task: 'work',
      service: 'COMPUTE',
      lane: 'service',
      args: [],
      retries: 0,
      timeout: 60_000,
      totalTimeout: Number.POSITIVE_INFINITY,
      leave: null,
      ...request,
    });
    job.catch(() => {});
    return job;
  }

  /** What the row of a job says, durably. */
  row(id: string) {
    return this.jobs.list().find((record) => record.id === id);
  }

  get desk(): JobConsumerApi {
    return this.jobs.consumer;
  }

  commit(): void {
    if (!this.jobs.dirty) return;
    try {
      this.store.transaction(() => this.jobs.persist(this.store));
    } catch {
      this.clock.after(1_000, () => this.commit());
      return;
    }
    this.jobs.persisted();
  }

  /** Lets time pass, with the alarm ringing when the store says so. */
  async advance(ms: number): Promise<void> {
    const end = this.clock.time + ms;
    while (this.clock.time < end) {
      const due = this.store.due()[0]?.at;
      const next = due === undefined ? end : Math.max(this.clock.time, this.clock.time + due - this.clock.now());
      // Without a timer nothing happens that could make something due.
      const look = this.clock.pending > 0 ? this.clock.time + 1_000 : end;
      await this.clock.advance(Math.min(end, next, look) - this.clock.time);
      if (due !== undefined && due <= this.clock.now()) {
        this.alarms++;
        this.jobs.check();
        this.commit();
        await settled();
      }
    }
  }

  #open(): Jobs {
    const { clock } = this;
    const life = ++this.#life;
    const alive = () => life === this.#life;
    return new Jobs({
      clock: {
        now: () => clock.now(),
        random: () => clock.random(),
        newId: () => clock.newId(),
        after: (ms, fn) => clock.after(ms, () => alive() && fn()),
        clear: (timer) => clock.clear(timer),
      },
      store: this.store,
      build: 'build',
      session: 'session',
      tasks: {
        clock,
        opens: () => () => {},
        keepAlive: () => {},
        turn: (fn) => fn(),
        service: () => this.service,
        log: (_level, message) => void this.logs.push(message),
      },
      service: (binding) => ({ COMPUTE: this.service, OTHER: this.other })[binding],
      send: this.noQueue ? undefined : (message) => this.send(message),
      commit: (when) => {
        clock.after(when === 'now' ? 0 : 50, () => alive() && this.commit());
      },
      ended: (page) => void this.endings.push(page),
      watched: (page) => this.watched.has(page),
      continued: () => this.continued,
    });
  }
}

/** A queue with the application's own consumer: messages arrive at least once, some time, in any order. */
export class TestQueue {
  readonly #clock: VirtualClock;
  readonly #desk: () => JobConsumerApi;
  readonly env: Record<string, unknown>;
  readonly acked: unknown[] = [];
  readonly retried: { body: unknown; delay: number }[] = [];
  /** How often each message is delivered; 0 loses it. */
  copies = 1;
  maxRetries = 5;
  /** Throws what a call of the session shall fail with. */
  interfere: (method: string) => void = () => {};
  readonly calls: string[] = [];
  #death = Promise.withResolvers<never>();

  constructor(clock: VirtualClock, desk: () => JobConsumerApi, services: Record<string, ComputeService>) {
    this.#clock = clock;
    this.#desk = desk;
    const stub = new Proxy({} as JobConsumerApi, {
      get: (_, method: string) => {
        if (method === 'then') return undefined;
        return async (...args: unknown[]) => {
          this.calls.push(method);
          this.interfere(method);
          const call = this.#desk()[method as keyof JobConsumerApi] as (...args: unknown[]) => Promise<unknown>;
          const answer = call.apply(this.#desk(), structuredClone(args));
          return structuredClone(await Promise.race([answer, this.#death.promise]));
        };
      },
    });
    this.#death.promise.catch(() => {});
    this.env = { ...services, SESSION: { idFromName: (name: string) => name, get: () => stub } };
  }

  readonly send = async (message: JobMessage): Promise<void> => {
    for (let copy = 0; copy < this.copies; copy++) this.#deliver('edgewise-jobs', structuredClone(message), 1, 5);
  };

  /** The session has died: none of the calls that it has not answered is. */
  cut(): void {
    this.#death.reject(new Error('The object was reset.'));
    this.#death = Promise.withResolvers<never>();
    this.#death.promise.catch(() => {});
  }

  #deliver(queue: string, body: unknown, attempts: number, delay: number): void {
    this.#clock.after(delay, () => void this.batch(queue, [body], attempts));
  }

  async batch(queue: string, bodies: unknown[], attempts = 1): Promise<void> {
    const messages = bodies.map((body) => ({
      id: 'message',
      timestamp: new Date(0),
      body,
      attempts,
      ack: () => void this.acked.push(body),
      retry: ({ delaySeconds = 0 } = {}) => {
        this.retried.push({ body, delay: delaySeconds });
        const dead = attempts > this.maxRetries;
        this.#deliver(dead ? 'edgewise-jobs-dead' : queue, body, dead ? 1 : attempts + 1, delaySeconds * 1_000);
      },
    }));
    await consume(
      { queue, messages } as unknown as Parameters<typeof consume>[0],
      this.env,
      { session: 'SESSION', shared: 'SHARED' },
      this.#clock,
    );
  }
}

export function texts(browser: TestBrowser, kind = 'label'): unknown[] {
  const found: unknown[] = [];
  const visit = (node: MirrorNode) => {
    if (node.kind === kind) found.push(kind === 'log' ? node.props.lines : node.props.text);
    node.children.forEach(visit);
  };
  visit(browser.root);
  return found;
}

export function button(browser: TestBrowser, text: string): MirrorNode {
  const visit = (node: MirrorNode): MirrorNode | undefined =>
    node.kind === 'button' && node.props.text === text ? node : node.children.map(visit).find(Boolean);
  const found = visit(browser.root);
  if (!found) throw new Error(`There is no button ${text}.`);
  return found;
}
