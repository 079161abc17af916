import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts'; // Types only: the code of the tasks stays in the compute Worker.

interface Message {
  readonly from: 'you' | 'helper';
  readonly text: string;
}

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const app = new App({ title: 'Chat' });

app.page('/', () => {
  // Durable: a reload, a crash or a deploy loses no message.
  const messages = ui.list<Message>([]);
  const draft = ui.state('');
  const answer = ui.job('answer', tasks.answer, { scope: 'page', whileRunning: 'queue' });

  ui.column(() => {
    ui.label('Chat').classes('text-2xl font-bold');
    ui.each(messages, ({ from, text }) => bubble(from, () => text));
    // The answer while it is written, word by word.
    ui.show(answer.running, () => bubble('helper', () => answer.chunks.value.join(' ') || '…'));
    ui.row(() => {
      ui.input('Message', { value: draft, onEnter: send }).classes('grow');
      ui.button('Send', send);
      ui.button('Stop', () => answer.cancel(), { variant: 'ghost' }).enable(answer.running);
    }).classes('w-full items-end');
  }).classes('mx-auto w-full max-w-xl p-6');

  async function send() {
    const text = draft.value.trim();
    if (text === '') return;
    draft.value = '';
    messages.add({ from: 'you', text });
    // The code after the await runs, whatever dies meanwhile.
    messages.add({ from: 'helper', text: await answer.start(text) });
  }
});

function bubble(from: Message['from'], text: () => string) {
  const mine = from === 'you';
  ui.label(text).classes(
    `max-w-[80%] rounded-2xl px-4 py-2 ${mine ? 'self-end bg-primary text-primary-content' : 'bg-base-100'}`,
  );
}

export default app;
