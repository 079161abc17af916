import type { ComputeService, Observer, Outcome, Started, TaskCall } from '../../src/rpc/index.ts';
import type { VirtualClock } from '../../src/testing/index.ts';

/** A compute Worker that dies with all its tasks and is away for a while. */
export class MortalCompute implements ComputeService {
  readonly #service: ComputeService;
  readonly #clock: VirtualClock;
  #deaths = 0;
  /** Rejects when the Worker dies. */
  #death = newDeath();
  /** The platform's error for calls while the Worker is away. */
  #away: string | undefined;

  constructor(service: ComputeService, clock: VirtualClock) {
    this.#service = service;
    this.#clock = clock;
  }

  get deaths(): number {
    return this.#deaths;
  }

  get away(): boolean {
    return this.#away !== undefined;
  }

  /**
   * @param away the platform's error meanwhile.
   * @param ms time until the Worker is back.
   */
  die(away: string, ms: number): void {
    const death = ++this.#deaths;
    this.#away = away;
    this.#death.reject(new Error('Network connection lost.'));
    this.#death = newDeath();
    this.#clock.after(ms, () => {
      if (death === this.#deaths) this.#away = undefined;
    });
  }

  async ready(): Promise<void> {
    if (this.#away !== undefined) throw new Error(this.#away);
  }

  async run(call: TaskCall): Promise<Outcome | Started> {
    await this.ready();
    const activation = this.#deaths;
    const { promise: death } = this.#death;
    const answering = this.#service.run(call);
    death.catch(async () => {
      const answer = await answering;
      if ('running' in answer) await answer.running.cancel();
    });
    const answer = await Promise.race([answering, death]);
    if (!('running' in answer)) return answer;
    const { running } = answer;
    return {
      running: {
        follow: (observer: Observer) => {
          const heard = running.follow(async (report) => {
            if (activation !== this.#deaths) throw new Error('The reporting Worker has died.');
            await observer(report);
          });
          return Promise.race([heard, death]);
        },
        cancel: () => running.cancel(),
      },
    };
  }
}

function newDeath(): PromiseWithResolvers<never> {
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => {});
  return death;
}
