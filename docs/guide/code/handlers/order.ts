import { App, run, ui } from 'edgewise';

interface Order {
  readonly id: string;
  readonly state: 'waiting' | 'paid' | 'approved' | 'refused';
}

/** What the shop asks of others. In your program: calls over the network. */
export const bank = {
  async pay(id: string): Promise<string> {
    return `receipt of ${id.slice(0, 4)}`; // the bank takes the id as its idempotency key: it pays once
  },
};

const app = new App({ title: 'Shop' });

app.page('/', (page) => {
  const orders = ui.list<Order>([], 'id');

  ui.button('Order', async () => {
    if (!(await ui.confirm('Order for € 20?'))) return; // the answer may take days
    const id = await run.ioBound(async () => crypto.randomUUID()); // chance: by `run`, so that a replay has the same
    orders.add({ id, state: 'waiting' });
    const receipt = await run.ioBound(bank.pay, id); // an interrupted call is made again, with the same id
    orders.update(id, { state: 'paid' });
    ui.notify(receipt);
  });

  ui.button('Ask the boss', async () => {
    const id = String(ui.now()); // the clock, recorded
    orders.add({ id, state: 'waiting' });
    try {
      const answer = await run.event<'approved' | 'refused'>('answer', { timeout: '7d' });
      orders.update(id, { state: answer });
    } catch {
      orders.update(id, { state: 'refused' }); // nobody has answered for a week
    }
  });
  ui.label(`The boss answers by: POST /answer/${page.session}`).classes('text-sm opacity-70');

  ui.each(orders, (order) => ui.label(`Order ${order.state}`));
});

// Sends the event to the session. Guard such a route: it acts for whoever knows the address.
app.post('/answer/:session', async (c) => {
  await app.send(c.req.param('session'), 'answer', 'approved');
  return c.text('Thank you.');
});

export default app;
