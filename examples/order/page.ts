import { run, ui } from 'edgewise';
import { books, type Provider, practice } from './provider.ts';

interface Order {
  readonly id: string;
  readonly goods: string;
  readonly amount: number;
  /** What happens to it now. */
  readonly state: 'reserving' | 'charging' | 'sending' | 'sent';
  readonly parcel?: string;
  /** Why it stopped. */
  readonly problem?: string;
}

const goods = [
  { id: 'coffee', name: 'Coffee, 1 kg', price: 24 },
  { id: 'filter', name: 'Paper filters', price: 6 },
  { id: 'mug', name: 'Enamel mug', price: 12 },
];

const steps = [
  { state: 'reserving', now: 'Reserving the goods…', done: 'Goods reserved' },
  { state: 'charging', now: 'Charging the card…', done: 'Card charged' },
  { state: 'sending', now: 'Sending the parcel…', done: 'Parcel sent' },
] as const;

/** Takes an order by a question and three calls. Kill the server at any of them: the order goes on, and is paid once. */
export function order(provider: Provider = practice) {
  const basket = ui.state<Readonly<Record<string, number>>>({ coffee: 1, filter: 2 });
  const orders = ui.list<Order>([], 'id');
  const chosen = ui.computed(() => goods.filter(({ id }) => basket.value[id]));
  const total = ui.computed(() =>
    chosen.value.reduce((sum, { id, price }) => sum + price * (basket.value[id] ?? 0), 0),
  );

  async function place() {
    const amount = total.value;
    const names = chosen.value.map(({ id, name }) => `${basket.value[id]} × ${name}`).join(', ');
    if (!(await ui.confirm(`Order ${names} for ${money(amount)}?`, { ok: 'Order' }))) return;
    // The idempotency key. It is recorded before it is used, so a handler that continues after a crash has the same one.
    const id = await run.ioBound(async () => crypto.randomUUID());
    orders.add({ id, goods: names, amount, state: 'reserving' }, 0);
    basket.value = {};
    await fulfil(id, provider);
  }

  /** One of the goods, with how many of it are in the basket. */
  function offer({ id, name, price }: (typeof goods)[number]) {
    const count = () => basket.value[id] ?? 0;
    const change = (by: number) => basket.update((now) => ({ ...now, [id]: (now[id] ?? 0) + by }));
    ui.item(() => {
      ui.itemSection(() => {
        ui.itemLabel(name);
        ui.itemLabel(money(price), { caption: true });
      });
      ui.row(() => {
        ui.button('', () => change(-1), {
          icon: 'remove',
          label: `Less: ${name}`,
          variant: 'ghost',
          round: true,
        }).enable(() => count() > 0);
        ui.label(count).classes('w-6 text-center tabular-nums');
        ui.button('', () => change(1), { icon: 'add', label: `More: ${name}`, variant: 'ghost', round: true }).enable(
          () => count() < 9,
        );
      }).classes('flex-nowrap items-center gap-1');
    });
  }

  /** The same key makes it safe to ask again, after a crash as well as after a mistake. */
  async function fulfil(id: string, { reserve, charge, send }: Provider) {
    const { amount } = orders.get(id) as Order;
    orders.update(id, { state: 'reserving', problem: '' });
    try {
      await run.ioBound(reserve, id);
      orders.update(id, { state: 'charging' });
      await run.ioBound(charge, id, amount);
      orders.update(id, { state: 'sending' });
      orders.update(id, { state: 'sent', parcel: await run.ioBound(send, id) });
    } catch (error) {
      orders.update(id, { problem: (error as Error).message });
    }
  }

  ui.itemList(() => ui.each(goods, ({ id }) => id, offer), { bordered: true, separator: true, label: 'Goods' });
  ui.row(() => {
    ui.label(() => `Total ${money(total.value)}`).classes('text-lg font-semibold tabular-nums');
    ui.space();
    ui.button('Place order', place, { icon: 'shopping_cart', color: 'primary', whileRunning: 'ignore' }).enable(
      () => total.value > 0,
    );
  }).classes('w-full items-center');

  ui.heading('Your orders', { level: 2 });
  ui.label('None yet. Place one, and kill the server while it is on its way.')
    .classes('opacity-70')
    .show(() => orders.size === 0);
  ui.each(orders, (one) => {
    ui.card(() => {
      ui.row(() => {
        ui.label(one.goods).classes('font-medium');
        ui.space();
        ui.label(money(one.amount)).classes('tabular-nums');
      }).classes('w-full flex-nowrap');
      progressOf(one);
      if (one.problem) {
        ui.row(() => {
          ui.label(one.problem as string).classes('text-error');
          ui.space();
          ui.button('Try again', () => fulfil(one.id, provider), { size: 'sm', whileRunning: 'ignore' });
        }).classes('w-full items-center');
      }
      ui.label(() => heard(one.id)).classes('text-xs opacity-70');
    }).classes('w-full gap-3');
  });
}

/** Shows what is done, what happens now and what is to come. */
function progressOf({ state, parcel, problem }: Order) {
  const at = state === 'sent' ? steps.length : steps.findIndex((step) => step.state === state);
  ui.column(() => {
    for (const [index, { now, done }] of steps.entries()) {
      ui.row(() => {
        if (index < at) ui.icon('check_circle', { color: 'success' });
        else if (index > at) ui.icon('radio_button_unchecked').classes('opacity-40');
        else if (problem) ui.icon('error', { color: 'error' });
        else ui.spinner({ size: 'sm' });
        const text = index < at ? done : now;
        ui.label(index === 2 && parcel ? `${text}: ${parcel}` : text).classes(index > at ? 'opacity-40' : '');
      }).classes('items-center gap-2');
    }
  }).classes('gap-2');
}

function heard(id: string): string {
  const { calls, effects } = books.get(id) ?? { calls: 0, effects: [] };
  return `Calls to the provider: ${calls}, effects: ${effects.length}.`;
}

function money(amount: number): string {
  return amount.toLocaleString('en', { style: 'currency', currency: 'EUR' });
}
