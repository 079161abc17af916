import { expects, type Person, type Surroundings, upTo } from './person.ts';

/**
 * Invariant: the last search is the one that is found, and every search has cleaned up. Turns in line run in order, one
 * at a time. A bill is paid by one run at a time, and each run pays once.
 */
export class Policies implements Person {
  readonly #world: Surroundings;
  #searches = 0;
  #turns = 0;
  readonly #pays = [0, 0, 0];

  constructor(world: Surroundings) {
    this.#world = world;
  }

  async act(): Promise<boolean> {
    const { tab, chance } = this.#world;
    const choice = chance();
    if (choice < 0.4) {
      await tab.click('#search');
      this.#searches++;
      return true;
    }
    if (choice < 0.6) {
      const ended = (await tab.text('#steps')).split(',').filter((step) => step.startsWith('end')).length;
      if (this.#turns - ended > 20) return false;
      await tab.click('#queue');
      this.#turns++;
      return true;
    }
    const bill = await tab.click('[data-do=pay]', Math.floor(chance() * 3));
    if (bill === undefined) return false;
    this.#pays[Number(bill)] = (this.#pays[Number(bill)] ?? Number.NaN) + 1;
    return true;
  }

  async faults(): Promise<readonly string[]> {
    const { tab, ledger } = this.#world;
    const searches = upTo(this.#searches).map((index) => String(index + 1));
    const released = [...ledger.book('released')].sort((a, b) => Number(a) - Number(b));
    const faults = [
      ...expects('The search', await tab.text('#found'), this.#searches > 0 ? `${this.#searches} found` : '0 idle'),
      ...expects('The list of searches that cleaned up', released, searches),
      ...expects(
        'The list of turns',
        await tab.text('#steps'),
        upTo(this.#turns)
          .map((turn) => `begin ${turn},end ${turn}`)
          .join(),
      ),
    ];
    const bills = await tab.texts('[data-do=bill]');
    for (const [id, clicks] of this.#pays.entries()) {
      const payments = ledger.book(`paid-${id}`);
      faults.push(...expects(`Bill ${id}`, bills[id], `${id} open ${payments.join()}`));
      if (payments.length > clicks || (clicks > 0 && payments.length === 0)) {
        faults.push(`Bill ${id} was paid ${payments.length} times after ${clicks} clicks.`);
      }
    }
    return faults;
  }
}
