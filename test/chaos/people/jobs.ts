import { jobLimits } from '../../../src/jobs/limits.ts';
import { answerOf, stepsOf } from '../tasks.ts';
import { expects, firstMissing, type Person, pick, type Surroundings, upTo } from './person.ts';

const lanes = ['service', 'queue'] as const;
/** A burst of jobs fills both lanes. */
const burst = 12;

/** Invariant: every job is done once, with all of its lines, and the code after its await runs once. */
export class Jobs implements Person {
  readonly #world: Surroundings;
  readonly #started: (typeof lanes)[number][] = [];
  #burst = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get jobs(): number {
    return this.#started.length;
  }

  async act(): Promise<boolean> {
    const { tab, chance } = this.#world;
    if (this.#burst === 0 && chance() < 0.5) return false;
    this.#burst = this.#burst === 0 ? Math.floor(chance() * burst) : this.#burst - 1;
    const lane = pick(chance, lanes);
    await tab.click(`#start-${lane}`);
    this.#started.push(lane);
    return true;
  }

  async ended(): Promise<number> {
    return firstMissing((await this.#world.tab.texts('#outcomes > *')).map(numberOf));
  }

  /** Returns how many jobs of the panel are in which state. */
  async #panel(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const badge of await this.#world.tab.texts('#jobs .badge')) {
      const state = states.find((each) => badge === each || (each === 'waiting' && badge.startsWith(each)));
      if (state !== undefined) counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  }

  async faults(): Promise<readonly string[]> {
    const { tab, alone } = this.#world;
    const count = this.#started.length;
    const outcomes = (await tab.texts('#outcomes > *')).sort((a, b) => numberOf(a) - numberOf(b));
    const bars = await tab.page.evaluate(() =>
      ['service', 'queue'].map(
        (lane) => document.querySelector<HTMLProgressElement>(`progress#bar-${lane}, #bar-${lane} progress`)?.value,
      ),
    );
    const wanted = this.#started.map((lane, k) => `job ${k}: ${answerOf(k, lane)} (${upTo(stepsOf(k)).join(' ')})`);
    return [
      ...expects('The list of outcomes', outcomes, wanted),
      ...expects('The number of ended handlers', await tab.text('#ended'), `${count} of ${count}`),
      ...expects(
        'The list of bars',
        bars,
        lanes.map((lane) => (this.#started.includes(lane) ? 100 : 0)),
      ),
      ...(alone
        ? expects('The panel', await this.#panel(), count > 0 ? { done: Math.min(count, jobLimits.ended) } : {})
        : []),
    ];
  }
}

/** States that the panel of jobs shows; `waiting` may have a reason behind it. */
const states = ['waiting', 'running', 'done', 'failed', 'cancelled', 'timed out', 'given up'];

/** Returns the number of the job whose handler added the line. */
function numberOf(line: string): number {
  return Number(/^job (\d+)/.exec(line)?.[1]);
}
