// The Worker with the measured jobs and, in the same isolate, the bare calls for comparison.

import { DurableObject, type WorkerEntrypoint } from 'cloudflare:workers';
import { App, background, type Job, run, shared, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

interface Bindings {
  readonly SESSION: DurableObjectNamespace;
  readonly SHARED: DurableObjectNamespace;
  readonly BARE: DurableObjectNamespace<Bare>;
  readonly BARE_QUEUE: Queue<Message>;
  readonly COMPUTE: Service<WorkerEntrypoint & { bare(): number }>;
}

/** A message of the bare queue: the object that waits, and the number of its trip. */
interface Message {
  readonly object: string;
  readonly trip: number;
}

const tasks = run.tasks<typeof Tasks>('COMPUTE');
/** The same tasks in a second compute Worker, with a thread of its own. */
const others = run.tasks<typeof Tasks>('COMPUTE_2');
const app = new App<{ Bindings: Bindings }>();

/** 52 elements, as in app.ts. */
app.page('/counter', () => {
  const count = ui.state(0);
  ui.button('Count', () => {
    count.value++;
  });
  ui.label(() => count.value);
  for (let i = 0; i < 49; i++) ui.label(`Line ${i}`);
});

/**
 * Makes calls one by one in a handler, where authors make them. Locally the clock runs during code; in
 * production it does not.
 */
app.page('/lanes', ({ env, query }) => {
  const calls = Number(query.get('calls'));
  const found = ui.label('');
  let clicks = 0;
  ui.button('Measure', async () => {
    // Makes more calls on the fast sides, because the clock has whole milliseconds.
    const sides = {
      bare: [20, () => env.COMPUTE.bare()],
      passing: [20, () => run.with({ durable: false }).cpuBound(tasks.noop)],
      free: [20, () => run.with({ durable: false }).cpuBound(tasks.noop)],
      service: [1, () => run.cpuBound(tasks.noop)],
      queue: [1, () => run.with({ via: 'queue' }).cpuBound(tasks.noop)],
    } satisfies Record<string, readonly [number, () => PromiseLike<unknown>]>;
    // Each side has its own handler, because a journal stores every call of its handler.
    const names = query.get('sides')?.split(',') ?? [];
    const side = names[clicks++ % names.length] as keyof typeof sides | 'bareStored' | 'bareQueue';
    const bare = env.BARE.get(env.BARE.idFromName('bare'));
    const measure = async () => {
      if (side === 'bareStored') return bare.stored(calls * 20);
      if (side === 'bareQueue') return bare.trips(calls);
      const [often, call] = sides[side];
      const began = performance.now();
      for (let i = 0; i < calls * often; i++) await call();
      return (performance.now() - began) / (calls * often);
    };
    // A background task has no journal, so its calls have nothing to store before they leave.
    const time = await (side === 'free' ? background.create(measure) : measure());
    found.text = JSON.stringify({ [side]: time });
  });
});

/** Starts many jobs, or as many bare calls, at once and waits for all. */
app.page('/many', ({ env, query }) => {
  const jobs = Number(query.get('jobs'));
  const done = ui.state(0);
  ui.button('Start', async () => {
    await Promise.all(
      Array.from({ length: jobs }, async () => (query.has('bare') ? env.COMPUTE.bare() : run.cpuBound(tasks.noop))),
    );
    done.value++;
  });
  ui.label(() => `done ${done.value}`);
});

/** Keeps compute busy until the second click. */
app.page('/busy', () => {
  let job: Job<number, never> | undefined;
  ui.button('Start or stop', () => {
    if (job) {
      job.cancel();
      job = undefined;
    } else {
      job = run.with({ durable: false }).cpuBound(tasks.spin, 60_000);
      job.catch(() => {});
    }
  });
});

app.page('/reports', ({ query }) => {
  const via = query.get('via') === 'queue' ? 'queue' : 'service';
  const job = ui.job('reports', tasks.reports, { via });
  ui.button('Start', () => {
    job.start(Number(query.get('rate')), Number(query.get('seconds')));
  });
  ui.label(() => `at ${job.progress.value}`);
  ui.label(() => (job.result.value ? `took ${job.result.value.milliseconds}` : ''));
});

/** A job of known length, and the time when the code after it ran. */
app.page('/long', ({ query }) => {
  const ended = ui.state(0);
  ui.button('Start', async () => {
    await run.cpuBound(tasks.spin, Number(query.get('length')));
    ended.value = Date.now();
  });
  ui.label(() => `ended ${ended.value}`);
});

/** Starts a task at one click and cancels it at the next. */
app.page('/cancel', () => {
  let job: Job<number, never> | undefined;
  const state = ui.label('');
  ui.button('Start or cancel', async () => {
    if (!job) {
      job = run.with({ durable: false }).cpuBound(tasks.stoppable);
      job.catch(() => {});
      state.text = 'running';
      return;
    }
    const cancelled = Date.now();
    job.cancel();
    job = undefined;
    let stopped = 0;
    while (stopped < cancelled) stopped = await run.with({ durable: false }).cpuBound(tasks.stoppedAt);
    state.text = `cancelled ${cancelled}, stopped ${stopped}`;
  });
});

/** Does four pieces of work of the same size, over one or two compute Workers. */
app.page('/cores', ({ query }) => {
  const done = ui.state(0);
  const places = query.get('workers') === '2' ? [tasks, others, tasks, others] : [tasks, tasks, tasks, tasks];
  ui.button('Start', async () => {
    await Promise.all(places.map(({ sum }) => run.cpuBound(sum, 400)));
    done.value++;
  });
  ui.label(() => (done.value ? 'done' : ''));
});

app.page('/board', () => {
  const board = shared('board', 0);
  ui.button('Count', () => board.add(1));
  ui.label(() => `board ${board.value}`);
});

/** Calls to the session about a running job since the Worker began. */
const reported = { calls: 0 };

/** A session that counts the reports of running jobs. Jobs of one step do not pass through the counter. */
export class Session extends app.Session {
  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, { ...env, COMPUTE: listening(env.COMPUTE) });
  }

  override reportJob(...args: Parameters<InstanceType<typeof app.Session>['reportJob']>) {
    reported.calls++;
    return super.reportJob(...args);
  }
}

export const Shared = app.Shared;

/** The part of a compute service that is counted. */
interface Following {
  run(call: { task: string }): Promise<{ running?: { follow(observer: unknown): unknown; cancel(): unknown } }>;
  runPlain(task: string, build: string | undefined, ...args: readonly unknown[]): unknown;
  bare(): unknown;
}

function listening(service: Bindings['COMPUTE']): Bindings['COMPUTE'] {
  const real = service as unknown as Following;
  const counted = async (call: { task: string }) => {
    const answer = await real.run(call);
    const { running } = answer;
    if (!running) return answer;
    const follow = (observer: (report: unknown) => Promise<void>) =>
      running.follow((report: unknown) => {
        reported.calls++;
        return observer(report);
      });
    return {
      running: { follow: follow as (observer: unknown) => unknown, cancel: () => running.cancel() },
      [Symbol.dispose]: () => (answer as Partial<Disposable>)[Symbol.dispose]?.(),
    };
  };
  const counting: Following = {
    bare: () => real.bare(),
    // Without a promise of its own, because the bare call has none.
    run: (call) => (call.task === 'reports' ? counted(call) : real.run(call)),
    runPlain: (...call) => real.runPlain(...call),
  };
  return counting as unknown as Bindings['COMPUTE'];
}

/** The lower bound of the queue lane: a message, a consumer with the bare call, and an answer to the waiting object. */
export class Bare extends DurableObject<Bindings> {
  readonly #waiting = new Map<number, () => void>();
  #trip = 0;

  /** Returns the milliseconds of one trip. */
  async trips(count: number): Promise<number> {
    const began = performance.now();
    for (let i = 0; i < count; i++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const trip = ++this.#trip;
      this.#waiting.set(trip, resolve);
      await this.env.BARE_QUEUE.send({ object: this.ctx.id.toString(), trip });
      await promise;
    }
    return (performance.now() - began) / count;
  }

  /** Returns the milliseconds of a row that is written and an empty call, which leaves when the row is stored. */
  async stored(count: number): Promise<number> {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS row (key INTEGER PRIMARY KEY, value TEXT NOT NULL)');
    const began = performance.now();
    for (let i = 0; i < count; i++) {
      sql.exec('INSERT OR REPLACE INTO row VALUES (0, ?)', `call ${i}`);
      await this.env.COMPUTE.bare();
    }
    return (performance.now() - began) / count;
  }

  answer(trip: number): void {
    this.#waiting.get(trip)?.();
    this.#waiting.delete(trip);
  }
}

export default {
  async fetch(request: Request, env: Bindings, ctx: ExecutionContext): Promise<Response> {
    if (new URL(request.url).pathname === '/bare/reported') return Response.json(reported.calls);
    return app.fetch(request, env, ctx);
  },

  async queue(batch: MessageBatch<unknown>, env: Bindings): Promise<void> {
    if (!batch.queue.endsWith('bare')) return app.queue(batch, env);
    await Promise.all(
      batch.messages.map(async (message) => {
        const { object, trip } = message.body as Message;
        await env.COMPUTE.bare();
        await env.BARE.get(env.BARE.idFromString(object)).answer(trip);
        message.ack();
      }),
    );
  },
};
