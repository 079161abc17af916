// The application of the tests of deaths. A job and its handler can be held at each point where a process may die.
//
// - At each point the application passes a door of the test's own web server, OUTSIDE/door/SESSION.POINT. The test shuts the doors
//   that it wants to be stopped at; all others answer at once. Doors are outside, so they stay shut through a death.
// - The test names a session by a cookie. The number in front is that of its queue, which no session beside it uses: the local queue
//   hands out its next batch when the last one is done with, so a held message would hold the others.
// - A storage can only be held in the middle of a commit by its own thread. Orders do that: they are given by a button, or by what
//   a door answers, and are forgotten with the process.
//
// Points, in the order of a job's life: dispatch, queued, begun, middle (these two in tasks.ts), answered, after (in the handler).
import { App, type PageContext, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

interface Bindings {
  readonly OUTSIDE: string;
  readonly COMPUTE: Compute;
  readonly [queue: `JOBS_${number}`]: Queue<Message>;
}
interface Message {
  readonly session: string;
  readonly job: string;
}
/** What of a compute Worker's face is stopped at doors; see src/rpc/contract.ts. */
interface Compute {
  run(call: unknown): Promise<Answer>;
}
interface Answer extends Partial<Disposable> {
  readonly running?: { follow(observer: unknown): Promise<unknown>; cancel(): Promise<void> };
}

/**
 * What a session's storage is to do: `refuse` every transaction, or `dwell` at the end of the one that writes that a job has started
 * or ended, before it is committed.
 */
const orders = new Map<string, string>();
/** Milliseconds; the test kills the process long before they are over. */
const dwelling = 15_000;

const lanes = {
  service: run.tasks<typeof Tasks>('COMPUTE'),
  queue: run.tasks<typeof Tasks>('COMPUTE', { work: { via: 'queue' }, echo: { via: 'queue' } }),
};
const name = /(?:^|; )session=([\w-]+)/;
const app = new App<{ Bindings: Bindings }>({
  title: 'Deaths under test',
  identify: (request) => name.exec(request.headers.get('Cookie') ?? '')?.[1],
});

/** The address of a session's doors, without the point. */
function doorsOf({ OUTSIDE }: Bindings, session: string): string {
  return `${OUTSIDE}/door/${session.replace('user:', '')}`;
}

/** Passes a door, and obeys the order that it answers. */
async function pass(env: Bindings, session: string, point: string): Promise<void> {
  const order = await (await fetch(`${doorsOf(env, session)}.${point}`)).text();
  if (order) orders.set(session, order);
}

// A job, and a handler that does something after it.
app.page('/', (page) => {
  const { env, query, session } = page as PageContext<string, Bindings>;
  const tasks = lanes[query.get('lane') as keyof typeof lanes];
  const clicks = ui.state(0);
  const ends = ui.state(0);
  /** Not a state: a page that is built again has forgotten it. */
  let order: string | undefined;
  ui.label(() => `Clicks: ${clicks.value}`);
  ui.label(() => `Ends: ${ends.value}`);
  const bar = ui.progress(0);
  const log = ui.log();
  ui.button('Refuse', () => {
    order = 'refuse';
  });
  ui.button('Dwell', () => {
    order = 'dwell';
  });
  ui.button('Start', async () => {
    if (order) orders.set(session, order);
    clicks.value++;
    const job = run.cpuBound(tasks.work, doorsOf(env, session));
    bar.value = job.progress;
    for await (const line of job.chunks) log.push(line);
    log.push(`answer: ${await job}`);
    ends.value++;
    await run.ioBound(() => pass(env, session, 'after'));
    log.push('end');
  });
  ui.jobs();
});

// Many jobs in both lanes, each with a handler of its own; the doors of their tasks are called like the lanes.
app.page('/many', (page) => {
  const { env, session } = page as PageContext<string, Bindings>;
  const answers = ui.state<readonly string[]>([]);
  const counts = Object.entries(lanes).map(([lane, tasks]) => {
    const clicks = ui.state(0, lane);
    ui.button(`Start ${lane}`, async () => {
      const answer = await run.cpuBound(tasks.echo, `${doorsOf(env, session)}.${lane}`, `${lane} ${clicks.value++}`);
      answers.value = [...answers.value, answer];
    });
    return clicks;
  });
  ui.label(() => `${answers.value.length} of ${counts.reduce((sum, clicks) => sum + clicks.value, 0)}`);
  ui.label(() => answers.value.join('\n')).props({ id: 'answers' });
  ui.jobs();
});

/** The bindings as a session sees them: its calls and messages stop at doors. */
function withDoors(env: Bindings, session: string): Bindings {
  const COMPUTE: Compute = {
    async run(call) {
      await pass(env, session, 'dispatch');
      const answer = await env.COMPUTE.run(call);
      const { running } = answer;
      if (!running) {
        await pass(env, session, 'answered');
        return answer;
      }
      return {
        running: {
          cancel: () => running.cancel(),
          async follow(observer) {
            const outcome = await running.follow(observer);
            await pass(env, session, 'answered');
            return outcome;
          },
        },
        [Symbol.dispose]: () => answer[Symbol.dispose]?.(),
      };
    },
  };
  const JOBS = {
    async send(message: Message, options: QueueSendOptions) {
      await pass(env, session, 'dispatch');
      return env[`JOBS_${Number.parseInt(session.replace('user:', ''), 10)}`]?.send(message, options);
    },
  };
  return { ...env, COMPUTE, JOBS } as Bindings;
}

/** Has a storage obey the orders of its session. */
function command(storage: DurableObjectStorage, session: string): void {
  const transact = storage.transactionSync.bind(storage);
  const { sql } = storage;
  // The first job makes the table.
  const jobs = () =>
    sql.exec("SELECT name FROM sqlite_master WHERE name = 'job'").toArray().length > 0
      ? JSON.stringify(sql.exec('SELECT job, open FROM job').toArray())
      : '[]';
  storage.transactionSync = (closure) => {
    const order = orders.get(session);
    if (order === 'refuse') throw new Error('The storage refuses, as it was ordered to.');
    if (order !== 'dwell') return transact(closure);
    return transact(() => {
      const before = jobs();
      const result = closure();
      if (jobs() !== before) {
        console.log(`In the middle of a commit of ${session}`);
        const end = Date.now() + dwelling;
        while (Date.now() < end);
      }
      return result;
    });
  };
}

export class Session extends app.Session {
  constructor(ctx: DurableObjectState, env: Bindings) {
    const session = ctx.id.name ?? '';
    command(ctx.storage, session);
    super(ctx, withDoors(env, session));
  }

  override async completeJob(...answer: Parameters<InstanceType<typeof app.Session>['completeJob']>) {
    await pass(this.env, this.ctx.id.name ?? '', 'answered');
    return super.completeJob(...answer);
  }
}

app.page('/fragile', async (page) => {
  const { ok } = await fetch(`${page.env.OUTSIDE}/door/fragile`);
  if (!ok) throw new Error('the database is away');
  const count = ui.state(0);
  ui.label(() => `Count: ${count.value}`);
  ui.button('Add', () => count.value++);
});

export const Shared = app.Shared;

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await Promise.all(batch.messages.map(({ body }) => pass(env, body.session, 'queued')));
    await app.queue(batch, env);
  },
} satisfies ExportedHandler<Bindings, Message>;
