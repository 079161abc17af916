import { expects, type Person, type Surroundings } from './person.ts';

/**
 * Invariant: a timer ticks after every restart, never faster than its interval, and never beside its own run; one that
 * ticks once does so once.
 */
export class Timers implements Person {
  readonly #world: Surroundings;
  readonly #began = Date.now();
  #active = true;
  #rebuilds = 0;
  /** What the timers had counted soon after the last blow. */
  #seen: { readonly blows: number; readonly counts: readonly number[] } | undefined;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  async act(): Promise<boolean> {
    const { tab, chance } = this.#world;
    if (chance() < 0.7) {
      await tab.click('#rebuild');
      this.#rebuilds++;
    } else {
      await tab.click(this.#active ? '#stop' : '#start');
      this.#active = !this.#active;
    }
    return true;
  }

  async rest(): Promise<void> {
    if (!this.#active) await this.#world.tab.click('#start');
    this.#active = true;
  }

  async #counts(): Promise<readonly [short: number, ended: number, long: number, inside: number]> {
    const { tab } = this.#world;
    const [short = '', long, inside] = await tab.page.evaluate(() =>
      ['short', 'long', 'inside'].map((id) => document.getElementById(id)?.textContent ?? ''),
    );
    const [started, ended] = short.split(' ');
    return [Number(started), Number(ended), Number(long), Number(inside)];
  }

  async faults(): Promise<readonly string[]> {
    const { tab, blows } = this.#world;
    const [started, ended, long, inside] = await this.#counts();
    const counts = [started, long, inside];
    // Reads the counts again after a blow; a timer that is alive then gets ahead of them.
    if (this.#seen?.blows !== blows()) this.#seen = { blows: blows(), counts };
    const names = ['The short timer', 'The long timer', 'The timer in the region'];
    const elapsed = Date.now() - this.#began;
    const intervals = [700, 10_000, 2_000];
    const faults = [
      ...expects('The number of clicks', await tab.text('#clicks'), `${this.#rebuilds} clicks`),
      ...expects('The single timer of 1 s', await tab.text('#once-1s'), '1'),
      ...expects('The single timer of 11 s', await tab.text('#once-11s'), '1'),
    ];
    if (started - ended > 1 || started < ended)
      faults.push(`The short timer has begun ${started} and ended ${ended} runs.`);
    for (const [index, count] of counts.entries()) {
      if (count <= (this.#seen.counts[index] ?? 0)) faults.push(`${names[index]} has stopped at ${count}.`);
      if (count > elapsed / (intervals[index] ?? 1) + 2) {
        faults.push(`${names[index]} has ticked ${count} times in ${elapsed} ms.`);
      }
    }
    return faults;
  }
}
