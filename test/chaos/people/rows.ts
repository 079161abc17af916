import type { Ledger } from '../ledger.ts';
import { expects, type Person, type Surroundings, upTo } from './person.ts';

const missed = /The page changed before your action arrived/;

/**
 * Invariant: a click hits the row that it was made on, once, or is refused with a notice. A row with a key is never
 * missed.
 */
export class Rows implements Person {
  readonly allowed = missed;
  readonly #world: Surroundings;
  readonly #deletes: string[] = [];
  readonly #pays: string[] = [];
  #inserted = 0;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  static prepare(ledger: Ledger): void {
    ledger.book('rows').push(...upTo(6).map((row) => (row % 2 === 0 ? `row ${row}` : `kept ${row}`)));
  }

  async act(): Promise<boolean> {
    const { tab, ledger, chance } = this.#world;
    const choice = chance();
    if (choice < 0.2) {
      const rows = ledger.book('rows');
      const at = Math.floor(chance() * rows.length);
      // Others insert rows, and remove some.
      if (rows.length > 12 && rows[at]?.startsWith('row')) rows.splice(at, 1);
      else if (rows.length <= 14) rows.splice(at, 0, `${chance() < 0.8 ? 'row' : 'kept'} new ${this.#inserted++}`);
      return false;
    }
    const [selector, clicks] =
      choice < 0.7 ? (['[data-do=delete]', this.#deletes] as const) : (['[data-do=pay]', this.#pays] as const);
    const row = await tab.click(selector, Math.floor(chance() * (await tab.count(selector))));
    if (row === undefined) return false;
    clicks.push(row);
    return true;
  }

  async faults(): Promise<readonly string[]> {
    const { tab } = this.#world;
    const hits = (await tab.text('#hits')).split(',').filter(Boolean);
    const paid = (await tab.text('#paid')).split(',').filter(Boolean).sort();
    const faults = expects('The list of payments', paid, [...this.#pays].sort());
    let at = 0;
    for (const hit of hits) {
      at = this.#deletes.indexOf(hit, at) + 1;
      if (at === 0) {
        faults.push(
          `"${hit}" was hit, by no click of the person: hits ${hits.join()}, clicks ${this.#deletes.join()}.`,
        );
        break;
      }
    }
    if (hits.length < this.#deletes.length && !tab.notices.some((text) => missed.test(text))) {
      faults.push(`${this.#deletes.length - hits.length} clicks were refused without a notice.`);
    }
    return faults;
  }

  /** Number of clicks that the page refused. */
  async refused(): Promise<number> {
    return this.#deletes.length - (await this.#world.tab.text('#hits')).split(',').filter(Boolean).length;
  }
}
