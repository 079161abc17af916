import { linesOf } from '../tasks.ts';
import { expects, type Person, type Surroundings, upTo } from './person.ts';

/** Jobs that wait in line at a time, and in all: a log shows 10,000 lines. */
const most = { waiting: 4, all: 120 };

/** Invariant: each line of each job is shown once and in order, by the handler that pushes and by what follows. */
export class Output implements Person {
  readonly #world: Surroundings;
  #started = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  get jobs(): number {
    return this.#started;
  }

  async act(): Promise<boolean> {
    const { tab } = this.#world;
    if (this.#started - (await this.ended()) >= most.waiting || this.#started >= most.all) return false;
    await tab.click('#start');
    this.#started++;
    return true;
  }

  async ended(): Promise<number> {
    return (await this.#world.tab.text('#ended')).split(',').filter(Boolean).length;
  }

  async faults(): Promise<readonly string[]> {
    const { tab } = this.#world;
    const jobs = upTo(this.#started);
    const of = (k: number) => upTo(linesOf(k)).map((line) => `${k}.${line}`);
    const [log, followed] = [await tab.texts('#log > div'), await tab.texts('#followed > div')];
    // Handlers of several jobs push side by side, each in the order of its job.
    const pushed = log.map((line, index) => ({ line, index, k: Number.parseInt(line, 10) }));
    pushed.sort((a, b) => a.k - b.k || a.index - b.index);
    return [
      ...expects('The list of ends', await tab.text('#ended'), jobs.map((k) => `end ${k}`).join()),
      ...expects(
        'The lines that the handler pushed',
        pushed.map(({ line }) => line),
        jobs.flatMap(of),
      ),
      ...expects('The lines that were followed', followed, this.#started > 0 ? of(this.#started - 1) : []),
      ...expects('The status', await tab.text('#status'), this.#started > 0 ? 'done' : 'idle'),
    ];
  }
}
