// What `whileRunning` says, with runs that change their own item, and with cleanup.
import { run, ui } from 'edgewise';
import { note, pause, unique } from '../calls.ts';

interface Bill {
  readonly id: number;
  readonly state: string;
  readonly paid: readonly string[];
}

export function policies() {
  const begun = ui.state(0);
  const found = ui.state({ by: 0, state: 'idle' });
  ui.button(
    'Search',
    async () => {
      const by = ++begun.value;
      found.value = { by, state: 'searching' };
      try {
        await run.ioBound(note, 'taken', String(by));
        await run.ioBound(pause, 300);
        found.value = { by, state: 'found' };
      } catch {
        found.value = { by, state: 'failed' };
      } finally {
        // With a signal of its own, so that a search that comes during the cleanup does not cut it off.
        const whole = run.with({ signal: new AbortController().signal });
        // Version 2: if (run.patched('counted')) await whole.ioBound(note, 'cleaned', String(by));
        await whole.ioBound(note, 'released', String(by));
      }
    },
    { whileRunning: 'restart' },
  ).props({ id: 'search' });
  ui.label(() => `${found.value.by} ${found.value.state}`).props({ id: 'found' });

  const steps = ui.state<readonly string[]>([]);
  const turns = ui.state(0);
  ui.button(
    'In line',
    async () => {
      const turn = turns.value++;
      steps.value = [...steps.value, `begin ${turn}`];
      await run.ioBound(pause, 150);
      steps.value = [...steps.value, `end ${turn}`];
    },
    { whileRunning: 'queue' },
  ).props({ id: 'queue' });
  ui.label(() => steps.value.join()).props({ id: 'steps' });

  const bills = ui.state<readonly Bill[]>([0, 1, 2].map((id) => ({ id, state: 'open', paid: [] })));
  const change = (id: number, part: (bill: Bill) => Partial<Bill>) => {
    bills.value = bills.value.map((bill) => (bill.id === id ? { ...bill, ...part(bill) } : bill));
  };
  ui.each(
    bills,
    (bill) => bill.id,
    (bill) => {
      ui.label(`${bill.id} ${bill.state} ${bill.paid.join()}`).props({ 'data-do': 'bill' });
      ui.button(
        'Pay',
        async () => {
          change(bill.id, () => ({ state: 'paying' }));
          const payment = await run.ioBound(unique);
          await run.ioBound(note, `paid-${bill.id}`, payment);
          change(bill.id, ({ paid }) => ({ state: 'open', paid: [...paid, payment] }));
        },
        { whileRunning: 'ignore' },
      ).props({ 'data-do': 'pay', 'data-of': String(bill.id) });
    },
  );
}
