// The gallery of all examples. `npm start` runs it.
import { App, type PageContext, ui } from 'edgewise';
import { globalWorker } from './global_worker/page.ts';
import { framed, heading } from './layout.ts';
import { progress as progressExample } from './progress/page.ts';
import { promises } from './promises.ts';
import { blocking } from './tutorial/blocking.ts';
import { cpu } from './tutorial/cpu.ts';
import { fetchPage } from './tutorial/fetch.ts';
import { io } from './tutorial/io.ts';
import { progress } from './tutorial/progress.ts';
import { sharedPage } from './tutorial/shared.ts';

/** A page of the gallery, and the path of its code. */
interface Entry {
  readonly path: string;
  readonly title: string;
  readonly line: string;
  readonly code: string;
  build(page: PageContext): unknown;
}

const tutorial: readonly Entry[] = [
  {
    path: '/tutorial/blocking',
    title: 'Blocking',
    line: 'Computing in a handler: the page freezes. How not to do it.',
    code: 'tutorial/blocking.ts',
    build: blocking,
  },
  {
    path: '/tutorial/io',
    title: 'I/O',
    line: 'Waiting for something slow while the page goes on.',
    code: 'tutorial/io.ts',
    build: io,
  },
  {
    path: '/tutorial/fetch',
    title: 'Fetch',
    line: 'Loading from an address the visitor types.',
    code: 'tutorial/fetch.ts',
    build: fetchPage,
  },
  {
    path: '/tutorial/cpu',
    title: 'CPU',
    line: 'A heavy calculation in another Worker, while the page goes on.',
    code: 'tutorial/cpu.ts',
    build: cpu,
  },
  {
    path: '/tutorial/progress',
    title: 'Report',
    line: 'A job that shows how far it is, says what it finds, and can be cancelled.',
    code: 'tutorial/progress.ts',
    build: progress,
  },
  {
    path: '/tutorial/shared',
    title: 'Shared',
    line: 'A count and a note that are the same for all visitors, live.',
    code: 'tutorial/shared.ts',
    build: sharedPage,
  },
];

/** Small applications to copy. Each is a folder of its own. */
const applications: readonly Entry[] = [
  {
    path: '/progress',
    title: 'Progress',
    line: 'A computation with a bar, private to its page. It survives a reload and a crash, and can be cancelled.',
    code: 'progress/',
    build: progressExample,
  },
  {
    path: '/global_worker',
    title: 'Global worker',
    line: 'One computation for all visitors, who see the same bar. Open it in two browsers.',
    code: 'global_worker/',
    build: globalWorker,
  },
];

const app = new App({ title: 'Edgewise' });

app.page('/', (page) => {
  page.title = 'Edgewise';
  ui.column(() => {
    ui.column(() => {
      heading('Edgewise', 1).classes('text-4xl tracking-tight');
      ui.label('Pages that never freeze and never forget.').classes('text-lg opacity-70');
    }).classes('gap-1');
    promises(page.development);
    section('The tutorial', tutorial);
    section('Small applications to copy', applications);
    if (!page.development) return;
    ui.separator().classes('mt-2');
    ui.label('Beside them, while you develop:').classes('text-sm opacity-70');
    ui.row(() => {
      ui.link('the jobs of your session', '/_edgewise/jobs').classes('text-sm');
      ui.separator({ vertical: true });
      ui.link('what keeps its object in memory', '/_edgewise/awake').classes('text-sm');
    });
  }).classes('mx-auto w-full max-w-3xl gap-4 p-4 sm:p-8');
});

function section(title: string, entries: readonly Entry[]) {
  heading(title, 2).classes('mt-4');
  ui.column(() => {
    for (const entry of entries) card(entry);
  }).classes('grid w-full gap-3 sm:grid-cols-2');
}

/** The whole card is the link. */
function card({ path, title, line, code }: Entry) {
  ui.card(() => {
    ui.link(title, path).classes('link link-primary link-hover text-lg font-semibold after:absolute after:inset-0');
    ui.label(line).classes('opacity-80');
    ui.label(`examples/${code}`).classes('mt-auto font-mono text-xs opacity-70');
  }).classes('relative w-full gap-1 transition-shadow hover:shadow-md');
}

for (const { path, title, build } of [...tutorial, ...applications]) app.page(path, framed(title, build));

app.get('/healthz', (c) => c.text('ok'));

export default app;
export const Session = app.Session;
export const Shared = app.Shared;
