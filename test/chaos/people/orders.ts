import type { Ledger } from '../ledger.ts';
import { isRefused } from '../tasks.ts';
import { expects, firstMissing, type Person, type Surroundings, upTo } from './person.ts';

/**
 * Invariant: every order is in the list once, with what its handler made of it in the end, and with every check. The
 * code after each await ran once, `finally` included.
 */
export class Orders implements Person {
  readonly #world: Surroundings;
  /** Number of checks of each order. */
  readonly #orders: number[] = [];

  constructor(world: Surroundings) {
    this.#world = world;
  }

  static prepare(ledger: Ledger): void {
    ledger.book('goods').push('tea', 'milk');
  }

  get jobs(): number {
    return this.#orders.length;
  }

  async act(): Promise<boolean> {
    const { tab, chance } = this.#world;
    const shown = chance() < 0.6 ? await tab.count('[data-do=check]') : 0;
    if (shown > 0) {
      // One of the last ten, whose handlers may be open.
      const index = Math.max(0, shown - 1 - Math.floor(chance() * 10));
      const order = await tab.click('[data-do=check]', index);
      if (order === undefined) return false;
      this.#orders[Number(order)] = (this.#orders[Number(order)] ?? Number.NaN) + 1;
    } else {
      await tab.click('#order');
      this.#orders.push(0);
    }
    return true;
  }

  async ended(): Promise<number> {
    return firstMissing(this.#world.ledger.book('ended').map(Number));
  }

  async faults(): Promise<readonly string[]> {
    const { tab, ledger } = this.#world;
    const count = this.#orders.length;
    const ids = upTo(count);
    const state = (id: number) => (isRefused(id) ? 'refused' : `costs ${id * 10}`);
    const trouble = (await tab.text('#trouble')).split(',').filter(Boolean).sort(byNumber);
    return [
      ...expects(
        'The list of orders',
        await tab.texts('[data-do=order]'),
        this.#orders.map((checks, id) => `${id} ${state(id)} milk+${id} times tea ${checks * 1_001}`),
      ),
      ...expects('The sum', await tab.text('#ended'), count > 0 ? `${count} of ${count} ended` : ''),
      ...expects('The list of objects by identity', await tab.text('#unpacked'), '0 unpacked'),
      ...expects('The region', await tab.text('#open'), '0 open'),
      ...expects(
        'The list of errors',
        trouble,
        ids.filter(isRefused).map((id) => `${id} RangeError`),
      ),
      ...expects('The book of ended orders', [...ledger.book('ended')].sort(byNumber), ids.map(String)),
    ];
  }
}

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10);
}
