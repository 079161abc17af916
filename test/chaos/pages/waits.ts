// Handlers that wait for a person, for time and for an event. Each adds one line when its wait has ended.
import { type PageContext, run, ui } from 'edgewise';
import { note } from '../calls.ts';

export function waits(page: PageContext) {
  const begun = ui.state(0);
  const awaited = ui.state<readonly number[]>([]);
  const lines = ui.state<readonly { readonly id: number; readonly text: string }[]>([]);
  const handler = (kind: string, wait: (id: number) => Promise<unknown>) => async () => {
    const id = begun.value++;
    let answer: unknown;
    try {
      answer = await wait(id);
      // Version 2: if (run.patched('noted')) await run.ioBound(note, 'later', String(id));
      await run.ioBound(note, 'answers', `${id} ${kind} ${answer}`);
    } finally {
      lines.value = [...lines.value, { id, text: `${id} ${kind} ${answer}` }];
    }
  };

  ui.label(page.session).props({ id: 'session' });
  const dialog = ui.dialog<string>(() => {
    for (const size of ['large', 'small']) {
      ui.button(size, () => dialog.submit(size), { key: size }).props({ 'data-do': 'size', 'data-of': size });
    }
  });
  const go = ui.button('Go on', () => {}).props({ id: 'go' });
  const buttons = {
    confirm: ui.button(
      'Confirm',
      handler('confirm', (id) => ui.confirm(`Question ${id}: really?`)),
    ),
    prompt: ui.button(
      'Prompt',
      handler('prompt', (id) => ui.prompt(`Question ${id}: which name?`)),
    ),
    choose: ui.button(
      'Choose',
      handler('choose', () => dialog.result()),
      { whileRunning: 'queue' },
    ),
    click: ui.button(
      'Click',
      handler('click', () => go.clicked()),
      { whileRunning: 'queue' },
    ),
    event: ui.button(
      'Event',
      handler('event', (id) => {
        awaited.value = [...awaited.value, id];
        return run.event(`event ${id}`);
      }),
    ),
    sleep: ui.button(
      'Sleep',
      handler('sleep', (id) => run.sleep(id % 4 === 0 ? 11_000 : 400 * (id % 4))),
    ),
  };
  for (const [id, button] of Object.entries(buttons)) button.props({ id });
  ui.label(() => awaited.value.join()).props({ id: 'awaited' });
  ui.column(() => {
    ui.each(
      lines,
      ({ id }) => id,
      ({ text }) => ui.label(text).props({ 'data-do': 'line' }),
    );
  });
}
