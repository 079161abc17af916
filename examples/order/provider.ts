import { storage } from 'edgewise';

/** What a shop asks of others. Each call carries the id of the order, so a call that comes twice has its effect once. */
export interface Provider {
  /** Puts the goods aside. */
  reserve(id: string): Promise<void>;
  /** Takes the money. @throws {Error} (rejects) when the card is declined. */
  charge(id: string, amount: number): Promise<void>;
  /** Sends the parcel and returns its number. */
  send(id: string): Promise<string>;
}

/** How often the practice provider was called for an order, and how often it acted. */
export interface Calls {
  readonly calls: number;
  readonly effects: readonly string[];
}

/** What the practice provider remembers. A real one has a database of its own. */
export const books = storage.user.map<Calls>('order.books');

/** A slow provider to practise with. Put your warehouse, your bank and your carrier in its place. */
export const practice: Provider = {
  async reserve(id) {
    await act(id, 'reserved');
  },
  async charge(id, amount) {
    if (amount > 100) throw new Error('The card was declined: its limit is €100.');
    await act(id, 'charged');
  },
  async send(id) {
    await act(id, 'sent');
    return `P-${id.slice(-6).toUpperCase()}`;
  },
};

/** Does its work once for each id, however often it is called. */
async function act(id: string, effect: string): Promise<void> {
  const { calls, effects } = books.get(id) ?? { calls: 0, effects: [] };
  books.set(id, { calls: calls + 1, effects });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  books.update(id, (entry) => ({ ...entry, effects: [...new Set([...entry.effects, effect])] }));
}
