// Handlers in two tabs that take ten thousand chunks of their jobs each, while application and compute die at any moment.

import { expect, test } from 'vitest';
import { run, ui } from '../../src/index.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import { computeService, seeded, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

/** More are tried with SEEDS=300 in the environment. */
const seeds = Math.ceil(Number(process.env.SEEDS ?? 300) / 100);
const chunks = 10_000;

/** A compute Worker that can be killed: whatever runs in it is lost, and for a while nobody is there. */
class MortalCompute implements ComputeService {
  readonly #inner: ComputeService;
  readonly #clock: VirtualClock;
  #death = Promise.withResolvers<never>();
  #away = false;

  constructor(inner: ComputeService, clock: VirtualClock) {
    this.#inner = inner;
    this.#clock = clock;
    this.#death.promise.catch(() => {});
  }

  kill(back: number): void {
    this.#death.reject(new Error('Network connection lost.'));
    this.#death = Promise.withResolvers<never>();
    this.#death.promise.catch(() => {});
    this.#away = true;
    this.#clock.after(back, () => {
      this.#away = false;
    });
  }

  async ready(): Promise<void> {
    if (this.#away) throw new Error('Network connection lost.');
  }

  async run(call: Parameters<ComputeService['run']>[0]): ReturnType<ComputeService['run']> {
    await this.ready();
    const { promise: death } = this.#death;
    const answer = await Promise.race([this.#inner.run(call), death]);
    if (!('running' in answer)) return answer;
    const { running } = answer;
    return {
      running: {
        cancel: () => running.cancel(),
        follow: (observer) =>
          Promise.race([running.follow((report) => Promise.race([observer(report), death])), death]).finally(() => {
            void running.cancel();
          }),
      },
    };
  }
}

test.each(Array.from({ length: seeds }, (_, seed) => seed + 1))(
  'both handlers take every chunk once and go on to their end (seed %i)',
  async (seed) => {
    const chance = seeded(seed * 7919);
    const upTo = (most: number) => Math.floor(chance() * most);
    const clock = new VirtualClock(seeded(seed));
    const [burst, gap] = [1 + upTo(400), 1 + upTo(60)];
    const tasks = {
      async *lines(count: number): AsyncGenerator<string | number, string> {
        for (let line = 0; line < count; line++) {
          if (line % burst === 0) await new Promise<void>((resolve) => void clock.after(gap, resolve));
          yield `line ${line}`;
          if (line % 50 === 0) yield line / count;
        }
        return 'end';
      },
    };
    const { lines } = run.tasks<typeof tasks>('COMPUTE');
    const compute = new MortalCompute(computeService(tasks, clock), clock);
    const page = () => {
      const log = ui.log({ max: chunks });
      const ends = ui.state(0);
      ui.label(() => `ended ${ends.value}`);
      ui.button('Go', async () => {
        const job = run.cpuBound(lines, chunks);
        for await (const line of job.chunks) log.push(line);
        log.push(await job);
        ends.value++;
      });
    };
    const server = new TestServer({
      pages: { '/': page },
      clock,
      services: { COMPUTE: compute },
      latency: () => 1 + upTo(30),
    });
    const one = await User.open(server, clock, '/');
    const two = await one.tab();
    one.find('Go').click();
    await clock.advance(upTo(100));
    two.find('Go').click();
    for (let kills = 1 + upTo(3); kills > 0; kills--) {
      await clock.advance(upTo(Math.min(4_000, (chunks / burst) * gap)));
      if (chance() < 0.85) compute.kill(upTo(3_000));
      if (chance() < 0.15) continue;
      await clock.advance(upTo(3));
      server.kill();
      if (chance() < 0.5) {
        two.offline();
        clock.after(upTo(20_000), () => two.online());
      }
    }
    await clock.advance(240_000);
    const wanted = [...Array.from({ length: chunks - 1 }, (_, line) => `line ${line + 1}`), 'end'];
    for (const user of [one, two]) {
      expect(user.find('Go').busy).toBe(false);
      expect(user.sees('ended 1')).toBe(true);
      expect(user.find({ kind: 'log' }).props.lines).toEqual(wanted);
    }
    expect(server.errors).toEqual([]);
    server.stop();
  },
  120_000,
);
