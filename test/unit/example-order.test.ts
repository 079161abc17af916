import { expect, test } from 'vitest';
import { order } from '../../examples/order/page.ts';
import type { Provider } from '../../examples/order/provider.ts';
import { open } from '../../src/testing/index.ts';

type Call = 'reserve' | 'charge' | 'send';

/** A provider that answers when the test says so, and that acts once for each key. */
function gated() {
  const calls: string[] = [];
  const effects = new Set<string>();
  const waiting: (() => void)[] = [];
  let open = false;
  const act = async (call: Call, id: string) => {
    calls.push(`${call} ${id}`);
    effects.add(`${call} ${id}`);
    if (!open) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const provider: Provider = {
    reserve: (id) => act('reserve', id),
    charge: (id) => act('charge', id),
    send: async (id) => {
      await act('send', id);
      return 'P-1';
    },
  };
  return {
    provider,
    calls,
    effects,
    /** Forgets the calls of a server that has died. */
    die: () => void waiting.splice(0),
    /** Answers the calls that wait now. */
    answer: () => waiting.splice(0).forEach((resolve) => resolve()),
    /** Answers those that wait, and every further one at once. */
    answerAll() {
      open = true;
      this.answer();
    },
  };
}

const names = (calls: Iterable<string>) => [...calls].map((call) => call.split(' ')[0]);

async function placed(shop: ReturnType<typeof gated>) {
  const user = await open(() => order(shop.provider));
  user.find('Place order').click();
  await user.shouldSee('Order 1 × Coffee, 1 kg, 2 × Paper filters for €36.00?');
  return user;
}

test('[NF9] a server that dies while it asks about an order asks again, and has ordered nothing', async () => {
  const shop = gated();
  using user = await placed(shop);
  user.server.kill();
  await user.shouldSee('Order 1 × Coffee, 1 kg, 2 × Paper filters for €36.00?');
  expect(shop.calls).toEqual([]);
  user.find({ kind: 'confirm' }).answer(false);
  await user.settle();
  await user.shouldSee('Total €36.00');
  await user.shouldSee('None yet. Place one, and kill the server while it is on its way.');
  expect(shop.calls).toEqual([]);
});

test.each([
  ['reserve', 'Reserving the goods…', ['reserve', 'reserve', 'charge', 'send']],
  ['charge', 'Charging the card…', ['reserve', 'charge', 'charge', 'send']],
  ['send', 'Sending the parcel…', ['reserve', 'charge', 'send', 'send']],
] as const)(
  '[EO2] an order whose server dies in %s shows "%s", asks once more with the same key, and has each effect once',
  async (call, shown, calls) => {
    const shop = gated();
    using user = await placed(shop);
    user.find({ kind: 'confirm' }).answer(true);
    for (const step of ['reserve', 'charge', 'send']) {
      await user.advance('1s');
      if (step === call) break;
      shop.answer();
    }
    await user.shouldSee(shown);
    user.server.kill();
    shop.die();
    await user.shouldSee(shown);
    await user.reload();
    await user.shouldSee(shown);
    await user.shouldSee('1 × Coffee, 1 kg, 2 × Paper filters');
    shop.answerAll();
    await user.shouldSee('Parcel sent: P-1', { within: '1m' });
    expect(names(shop.calls)).toEqual(calls);
    expect(names(shop.effects)).toEqual(['reserve', 'charge', 'send']);
    await user.shouldSee('Total €0.00');
    expect(user.server.errors).toEqual([]);
  },
);

test('[NF4] an order goes through when the server dies at each of its awaits', async () => {
  const shop = gated();
  shop.answerAll();
  using user = await open(() => order(shop.provider), '/', { alwaysReplay: true });
  user.find('Place order').click();
  await user.shouldSee({ kind: 'confirm' });
  user.find({ kind: 'confirm' }).answer(true);
  await user.shouldSee('Parcel sent: P-1', { within: '1m' });
  expect(user.server.replays).toBeGreaterThanOrEqual(4);
  expect(names(shop.effects)).toEqual(['reserve', 'charge', 'send']);
  expect(user.server.errors).toEqual([]);
});

test('[EO1] an order that failed says why, and is asked for again with the same key', async () => {
  const shop = gated();
  shop.answerAll();
  let declined = true;
  const charge = async (id: string, amount: number) => {
    if (declined) throw new Error('The card was declined.');
    await shop.provider.charge(id, amount);
  };
  using user = await open(() => order({ ...shop.provider, charge }));
  user.find('Place order').click();
  await user.shouldSee({ kind: 'confirm' });
  user.find({ kind: 'confirm' }).answer(true);
  await user.shouldSee('The card was declined.');
  await user.advance('1s');
  user.server.kill();
  await user.reload();
  await user.shouldSee('The card was declined.');
  declined = false;
  user.find('Try again').click();
  await user.shouldSee('Parcel sent: P-1');
  await user.shouldNotSee('The card was declined.');
  expect(names(shop.calls)).toEqual(['reserve', 'reserve', 'charge', 'send']);
  expect(shop.effects.size).toBe(3);
});

test('[BD4] an empty basket, fewer than none and more than nine of a thing cannot be ordered', async () => {
  const shop = gated();
  using user = await open(() => order(shop.provider));
  for (let i = 0; i < 12; i++)
    user.find({ name: 'More: Enamel mug' }).enabled && user.find({ name: 'More: Enamel mug' }).click();
  await user.settle();
  await user.shouldSee('9');
  expect(user.find({ name: 'More: Enamel mug' }).enabled).toBe(false);
  user.find({ name: 'Less: Coffee, 1 kg' }).click();
  user.find({ name: 'Less: Coffee, 1 kg' }).click();
  await user.settle();
  await user.shouldSee('Total €120.00');
  expect(user.find({ name: 'Less: Coffee, 1 kg' }).enabled).toBe(false);
});

test('[NF1] one visitor does not see the orders of another', async () => {
  const shop = gated();
  shop.answerAll();
  const pages = () => order(shop.provider);
  using ada = await open(pages);
  using eve = await open(pages, '/', { beside: ada });
  ada.find('Place order').click();
  await ada.shouldSee({ kind: 'confirm' });
  expect(eve.find({ kind: 'confirm' }).exists).toBe(false);
  ada.find({ kind: 'confirm' }).answer(true);
  await ada.shouldSee('Parcel sent: P-1');
  expect(eve.sees('Parcel sent: P-1')).toBe(false);
  await eve.shouldSee('None yet. Place one, and kill the server while it is on its way.');
});
