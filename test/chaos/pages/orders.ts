// Objects in states that handlers replace between their waits, shown by each kind of part. What a call returned is
// changed in place, and an error that was caught is stored.
import { run, TaskError, ui } from 'edgewise';
import { linesOf, note } from '../calls.ts';
import type * as Tasks from '../tasks.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');

interface Order {
  readonly id: number;
  readonly state: string;
  readonly lines: readonly string[];
  readonly checks: number;
}

export function orders() {
  const made = ui.state(0);
  const ended = ui.state(0);
  const orders = ui.state<readonly Order[]>([]);
  const unpacked = ui.state<readonly Order[]>([]);
  const trouble = ui.state<readonly { readonly id: number; readonly name: string; readonly stack: string }[]>([]);
  const change = (id: number, part: (order: Order) => Partial<Order>) => {
    orders.value = orders.value.map((order) => (order.id === id ? { ...order, ...part(order) } : order));
  };

  ui.button('Order', async () => {
    const id = made.value++;
    const order: Order = { id, state: 'sent', lines: [], checks: 0 };
    orders.value = [...orders.value, order];
    unpacked.value = [...unpacked.value, order];
    try {
      // Version 2: if (run.patched('stock')) await run.ioBound(note, 'stock', String(id));
      const lines = await run.ioBound(linesOf, 'goods');
      const first = lines.shift();
      lines.push(`${id} times ${first}`);
      const packed = [...lines];
      change(id, () => ({ state: 'packed', lines: packed }));
      lines.length = 0;
      // The object that the handler made is the one that it finds, after a restart, too.
      unpacked.value = unpacked.value.filter((each) => each !== order);
      const price = await run.cpuBound(tasks.price, id);
      change(id, () => ({ state: `costs ${price}` }));
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      trouble.value = [...trouble.value, { id, name: error.name, stack: error.stack ?? '' }];
      change(id, () => ({ state: 'refused' }));
    } finally {
      await run.ioBound(note, 'ended', String(id));
      ended.value++;
    }
    // Version 3: await run.ioBound(note, 'bills', String(id));
  }).props({ id: 'order' });

  ui.column(() => {
    ui.each(
      orders,
      (order) => order.id,
      (order) => {
        ui.label(`${order.id} ${order.state} ${order.lines.join('+')} ${order.checks}`).props({ 'data-do': 'order' });
        ui.button('Check', async () => {
          change(order.id, ({ checks }) => ({ checks: checks + 1 }));
          await run.ioBound(note, 'checks', String(order.id));
          change(order.id, ({ checks }) => ({ checks: checks + 1_000 }));
        }).props({ 'data-do': 'check', 'data-of': String(order.id) });
      },
    );
  });
  ui.show(
    () => orders.value.length > 0,
    () => ui.label(() => `${ended.value} of ${orders.value.length} ended`).props({ id: 'ended' }),
    () => ui.label('No orders'),
  );
  ui.region(() => {
    const open = orders.value.filter(({ state }) => state === 'sent' || state === 'packed');
    ui.label(`${open.length} open`).props({ id: 'open' });
    for (const { id } of open) ui.label(`open ${id}`);
  });
  ui.label(() => `${unpacked.value.length} unpacked`).props({ id: 'unpacked' });
  ui.label(() => trouble.value.map(({ id, name }) => `${id} ${name}`).join()).props({ id: 'trouble' });
}
