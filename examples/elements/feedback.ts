import { run, ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './feedback.ts?raw';

export const feedback: Family = {
  title: 'Feedback',
  line: 'Progress, wheels, logs and placeholders: what a person sees while something goes on.',
  source,
  entries: [
    { name: 'Progress', build: progress },
    { name: 'Ring and wheel', build: waiting },
    { name: 'Log', build: log },
    { name: 'Skeleton', build: loading },
  ],
};

function progress() {
  const done = ui.state<number | null>(0.3);
  ui.progress(done).classes('w-full').props({ 'aria-label': 'Done' });
  ui.row(() => {
    ui.button('More', () => (done.value = Math.min(1, (done.value ?? 0) + 0.1)));
    ui.button('Unknown', () => (done.value = null), { variant: 'outline' });
  });
}

function waiting() {
  const used = ui.state(7);
  ui.row(() => {
    ui.circularProgress(() => used.value / 10, { color: 'primary' }).props({ 'aria-label': 'Disk' });
    ui.button('Save more', () => (used.value = (used.value % 10) + 1));
    ui.label(() => `${used.value} of 10 GB`);
    ui.spinner({ label: 'Checking the disk' });
  });
}

function log() {
  const lines = ui.log({ max: 200 }).classes('h-40');
  ui.button('Convert three files', async () => {
    for (const name of ['a.wav', 'b.wav', 'c.wav']) {
      lines.push(`Converting ${name} …`);
      await run.sleep('0.5s');
    }
    lines.push('Done.');
  });
}

function loading() {
  const there = ui.state(false);
  ui.show(
    () => !there.value,
    () => {
      ui.row(() => {
        ui.skeleton({ type: 'circle' });
        ui.skeleton({ type: 'text', width: '10rem' });
      });
      ui.skeleton({ height: '6rem' });
    },
  );
  ui.show(there, () => ui.label('Here it is.'));
  ui.button('Load', () => (there.value = !there.value));
}
