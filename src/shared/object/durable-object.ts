import { DurableObject } from '#platform';
import { systemClock } from '../../clock/index.ts';
import type { Claim, Fault, JobConsumerApi, JobMessage, Verdict } from '../../jobs/index.ts';
import type { ComputeService, Outcome, RemoteError, Report } from '../../rpc/index.ts';
import { isReset, SqliteStore, watchForReset } from '../../storage/index.ts';
import type { Op, Push, SharedListener, SharedObject, Snapshot, Subscribed, Subscriber, Tail } from '../protocol.ts';
import { sharedStub } from '../stub.ts';
import { Hub, type HubHost } from './hub.ts';

/** The part of the application that its shared objects use. */
export interface SharedApplication {
  /** Hash of the application's code. */
  readonly build: string;
  /** Names of the bindings of the sessions, and of the shared objects themselves. */
  readonly bindings: { readonly session: string; readonly shared: string };
}

/** The class of shared signals and jobs, which the application's Worker exports. The platform makes one instance for each name. */
export interface SharedClass<Bindings extends object> {
  /** @internal */
  new (ctx: DurableObjectState, env: Bindings): SharedObject & JobConsumerApi & DurableObject<Bindings>;
}

/** Returns the Durable Object class of shared signals and jobs, an adapter from the platform to {@link Hub}. */
export function sharedClass<Bindings extends object>(application: SharedApplication): SharedClass<Bindings> {
  return class extends DurableObject<Bindings> implements SharedObject, JobConsumerApi {
    #awake: Hub | undefined;
    readonly #store: SqliteStore;
    /** The reason why this instance is broken; undefined while it works. */
    #reset: unknown;

    constructor(ctx: DurableObjectState, env: Bindings) {
      super(ctx, env);
      this.#store = new SqliteStore(watchForReset(ctx.storage, (error) => this.#abort(error)));
    }

    read(known: number): Promise<Snapshot> {
      return this.#hub().read(known);
    }

    subscribe(subscriber: Subscriber): Promise<Subscribed> {
      return this.#hub().subscribe(subscriber);
    }

    unsubscribe(who: string, token: string): Promise<void> {
      return this.#hub().unsubscribe(who, token);
    }

    write(id: string, op: Op): Promise<Snapshot> {
      return this.#hub().write(id, op);
    }

    chunks(job: string, from: number, to: number): Promise<Tail> {
      return this.#hub().chunks(job, from, to);
    }

    changed(push: Push): Promise<number> {
      return this.#hub().changed(push);
    }

    async claimJob(job: string): Promise<Claim | undefined> {
      return (await this.#hub().consumer()).claimJob(job);
    }

    async reportJob(job: string, epoch: number, report?: Report, left?: number): Promise<Verdict> {
      return (await this.#hub().consumer()).reportJob(job, epoch, report, left);
    }

    async completeJob(job: string, epoch: number, outcome: Outcome): Promise<Verdict> {
      return (await this.#hub().consumer()).completeJob(job, epoch, outcome);
    }

    async failJob(job: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict> {
      return (await this.#hub().consumer()).failJob(job, epoch, error, fault);
    }

    async deadJob(job: string, epoch?: number): Promise<void> {
      return (await this.#hub().consumer()).deadJob(job, epoch);
    }

    override alarm(): Promise<void> {
      return this.#hub().alarm();
    }

    #hub(): Hub {
      if (this.#reset !== undefined) throw this.#reset;
      this.#awake ??= new Hub(this.#host());
      return this.#awake;
    }

    /**
     * Breaks this instance after the platform has taken its storage. It must not retry anything. The next instance repeats uncommitted
     * work, and counts no failed attempt of a job for it.
     */
    #abort(error: unknown): void {
      if (this.#reset !== undefined) return;
      this.#reset = error;
      this.#awake?.abandon();
      this.ctx.abort(error instanceof Error ? error.message : String(error));
    }

    #host(): HubHost {
      const { ctx } = this;
      const reset = (error: unknown) => this.#abort(error);
      const env = this.env as Readonly<Record<string, unknown>>;
      const name = ctx.id.name;
      if (name === undefined)
        throw new Error('This shared object has no name. Find shared objects by idFromName(name), not by a unique id.');
      const { session, shared } = application.bindings;
      const queue = env.JOBS as Queue<JobMessage> | undefined;
      const sessions = env[session] as DurableObjectNamespace;
      return {
        name,
        clock: systemClock,
        store: this.#store,
        build: application.build,
        session: (of) => sessions.get(sessions.idFromName(of)) as unknown as SharedListener,
        object: (of) => sharedStub(env, shared, of),
        service: (binding) => env[binding] as ComputeService | undefined,
        ...(queue && {
          send: async (message: JobMessage) => void (await queue.send(message, { contentType: 'json' })),
        }),
        keepAlive: (promise) => ctx.waitUntil(promise),
        alarm(at) {
          const done = at === null ? ctx.storage.deleteAlarm() : ctx.storage.setAlarm(at);
          done.catch((error: unknown) => {
            if (isReset(error)) reset(error);
            else console.error(`[${name}] The platform did not set the alarm.`, error);
          });
        },
        log(level, message, error) {
          const entry = { level, fault: 'framework', shared: name, build: application.build, message };
          const rest = error === undefined ? [] : [error];
          if (level === 'error') console.error(entry, ...rest);
          else if (level === 'warning') console.warn(entry, ...rest);
          else console.log(entry, ...rest);
        },
      };
    }
  };
}
