import { DurableObject } from '#platform';
import type { Claim, Fault, JobConsumerApi, Verdict } from '../../jobs/index.ts';
import type { Outcome, RemoteError, Report } from '../../rpc/index.ts';
import { activationOf } from '../../storage/index.ts';
import type { Op, Push, SharedObject, Snapshot, Subscribed, Subscriber, Tail, Written } from '../protocol.ts';
import { SharedActivation, type SharedApplication } from './activation.ts';
import type { Hub } from './hub.ts';

/** The class of shared signals and jobs, which the application's Worker exports. The platform makes one instance for each name. */
export interface SharedClass<Bindings extends object> {
  /** @internal */
  new (ctx: DurableObjectState, env: Bindings): SharedObject & JobConsumerApi & DurableObject<Bindings>;
}

/** Returns the Durable Object class of shared signals and jobs, an adapter from the platform to {@link Hub}. */
export function sharedClass<Bindings extends object>(application: SharedApplication): SharedClass<Bindings> {
  return class extends DurableObject<Bindings> implements SharedObject, JobConsumerApi {
    readonly #activation: SharedActivation;

    constructor(ctx: DurableObjectState, env: Bindings) {
      super(ctx, env);
      this.#activation = activationOf(ctx, SharedActivation);
      this.#activation.serve(application, env);
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

    write(id: string, op: Op, known?: number): Promise<Written> {
      return this.#hub().write(id, op, known);
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
      return this.#activation.hub();
    }
  };
}
