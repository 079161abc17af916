import { type PageContext, ui } from 'edgewise';
import { type Frame, frame } from './frame.ts';
import type { Group, Place } from './places.ts';
import { promises } from './promises.ts';

const start = 'npm create edgewise@latest my-app\ncd my-app && npm run dev';

/** The first page: what the product is, its promises to try, and where to go. */
export function front(around: Frame, sections: readonly Group[]) {
  return (page: PageContext) => {
    page.title = 'Edgewise: pages that never freeze and never forget';
    frame(around);
    ui.column(() => {
      ui.grid(
        () => {
          ui.column(introduction).classes('gap-4');
          promises(page);
        },
        { columns: { base: 1, lg: 2 } },
      ).classes('items-center gap-8');
      for (const group of sections) section(group);
      if (page.development) development();
    }).classes('mx-auto w-full max-w-5xl gap-8 sm:p-6');
  };
}

function introduction() {
  ui.heading('Pages that never freeze and never forget', { level: 1 }).classes('text-4xl font-semibold tracking-tight');
  ui.label(
    'You write a page as one TypeScript function. It lives on Cloudflare beside its visitor; the browser shows it and sends the clicks.',
  ).classes('text-lg opacity-80');
  promise('Never freezes', 'While a handler waits, every other click is answered. Heavy work runs in another Worker.');
  promise('Never forgets', 'A reload, a crash or a deploy loses no input, no job, and no line of code after an await.');
  ui.row(() => {
    ui.link('Begin the tutorial', '/tutorial/blocking').classes('btn btn-primary');
    ui.link('Read the guide', '/docs').classes('btn btn-outline');
    ui.link('See all elements', '/elements').classes('btn btn-outline');
  }).classes('gap-2');
  ui.code(start, { language: 'bash' });
  ui.label('Two commands, and a page is there. Until the package is on npm, its README says how to make it.').classes(
    'text-sm opacity-70',
  );
}

function promise(name: string, text: string) {
  ui.row(() => {
    ui.icon('check_circle', { color: 'success' });
    ui.column(() => {
      ui.label(name).classes('font-semibold');
      ui.label(text).classes('opacity-80');
    }).classes('flex-1 gap-1');
  }).classes('w-full flex-nowrap items-start gap-3');
}

function section({ title, places }: Group) {
  ui.column(() => {
    ui.heading(title).classes('text-2xl font-semibold tracking-tight');
    cards(places);
  }).classes('w-full gap-4');
}

/** A card for each place. */
export function cards(places: readonly Place[]) {
  ui.grid(
    () => {
      for (const place of places) card(place);
    },
    { columns: { base: 1, sm: 2, lg: 3 } },
  ).classes('items-stretch gap-3');
}

/** The whole card is the link. */
function card({ path, title, line, icon }: Place) {
  ui.card(
    () => {
      ui.row(() => {
        if (icon) ui.icon(icon, { color: 'primary' });
        ui.link(title, path).classes(
          'link-hover font-semibold text-inherit after:absolute after:inset-0 focus-visible:outline-none',
        );
      }).classes('gap-2');
      ui.label(line).classes('text-sm opacity-80');
    },
    { key: path },
  ).classes('relative w-full gap-2 transition-shadow hover:shadow-md has-[a:focus-visible]:outline-2');
}

function development() {
  ui.row(() => {
    ui.label('While you develop:').classes('text-sm opacity-70');
    ui.link('the jobs of your session', '/_edgewise/jobs').classes('text-sm');
    ui.link('what keeps its object in memory', '/_edgewise/awake').classes('text-sm');
  });
}
