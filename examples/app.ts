// The gallery: every example under one roof. `npm start` runs it.
import { App, ui } from 'edgewise';
import { globalWorker } from './global_worker/page.ts';
import { framed } from './layout.ts';
import { progress as progressExample } from './progress/page.ts';
import { blocking } from './tutorial/blocking.ts';
import { cpu } from './tutorial/cpu.ts';
import { fetchPage } from './tutorial/fetch.ts';
import { io } from './tutorial/io.ts';
import { progress } from './tutorial/progress.ts';
import { sharedPage } from './tutorial/shared.ts';

const pages = [
  {
    path: '/tutorial/blocking',
    title: 'Blocking',
    line: 'Computing in a handler: the page freezes. How not to do it.',
    build: blocking,
  },
  { path: '/tutorial/io', title: 'I/O', line: 'Waiting for something slow while the page goes on.', build: io },
  { path: '/tutorial/fetch', title: 'Fetch', line: 'Loading from an address the visitor types.', build: fetchPage },
  {
    path: '/tutorial/cpu',
    title: 'CPU',
    line: 'A heavy calculation in another Worker, while the page goes on.',
    build: cpu,
  },
  {
    path: '/tutorial/progress',
    title: 'Progress',
    line: 'A job that shows how far it is and can be cancelled.',
    build: progress,
  },
  {
    path: '/tutorial/shared',
    title: 'Shared',
    line: 'A count and a note that are the same for all visitors, live.',
    build: sharedPage,
  },
];

/** Small applications to copy: each is a folder of its own. */
const examples = [
  {
    path: '/progress',
    title: 'progress',
    line: 'A computation with a bar, private to its page. It survives a reload and a crash, and can be cancelled.',
    build: progressExample,
  },
  {
    path: '/global_worker',
    title: 'global_worker',
    line: 'One computation for all visitors, who see the same bar.',
    build: globalWorker,
  },
];

const app = new App({ title: 'Edgewise' });

app.page('/', (page) => {
  page.title = 'Edgewise';
  ui.column(() => {
    ui.label('Edgewise').classes('text-4xl font-bold tracking-tight');
    ui.label('Pages that never freeze and never forget.').classes('text-lg opacity-70');
    for (const page of pages) card(page);
    ui.label('Small applications to copy').classes('mt-4 text-xl font-semibold');
    for (const example of examples) card(example);
  }).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
});

function card({ path, title, line }: { path: string; title: string; line: string }) {
  ui.card(() => {
    ui.column(() => {
      ui.link(title, path).classes('link link-primary link-hover text-lg font-semibold');
      ui.label(line).classes('opacity-80');
    }).classes('gap-1');
  }).classes('w-full');
}

for (const { path, title, build } of [...pages, ...examples]) app.page(path, framed(title, build));

app.get('/healthz', (c) => c.text('ok'));

export default app;
export const Session = app.Session;
export const Shared = app.Shared;
