// Timers, short and long, repeated and single, in parts that are rebuilt.
import { run, ui } from 'edgewise';
import { pause } from '../calls.ts';

export function timers() {
  const started = ui.state(0);
  const ended = ui.state(0);
  const tick = async () => {
    started.value++;
    await run.ioBound(pause, 100);
    ended.value++;
  };
  // With a key, because a deploy changes the texts that would tell this timer from others.
  const short = ui.timer('700ms', tick, { key: 'short' });
  ui.label(() => `${started.value} ${ended.value}`).props({ id: 'short' });
  ui.button('Stop', () => void (short.active = false)).props({ id: 'stop' });
  ui.button('Start', () => void (short.active = true)).props({ id: 'start' });

  const long = ui.state(0);
  ui.timer('10s', () => void long.value++);
  ui.label(() => long.value).props({ id: 'long' });

  for (const delay of ['1s', '11s'] as const) {
    const fired = ui.state(0, delay);
    ui.timer(delay, () => void fired.value++, { once: true, key: delay });
    ui.label(() => fired.value, { key: `label ${delay}` }).props({ id: `once-${delay}` });
  }

  const clicks = ui.state(0);
  const inside = ui.state(0);
  ui.button('Rebuild', () => void clicks.value++).props({ id: 'rebuild' });
  ui.region(() => {
    ui.label(`${clicks.value} clicks`).props({ id: 'clicks' });
    ui.timer('2s', () => void inside.value++);
  });
  ui.label(() => inside.value).props({ id: 'inside' });
}
