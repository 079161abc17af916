import { type PageContext, ui } from 'edgewise';

/** Adds a heading, also for visitors who cannot see its size. */
export function heading(text: string, level: 1 | 2) {
  const size = level === 1 ? 'text-2xl font-semibold' : 'text-lg font-semibold';
  return ui.label(text).classes(size).props({ role: 'heading', 'aria-level': level });
}

/** Returns a page function with a title, a link back and a card around the page. */
export function framed(title: string, build: (page: PageContext) => unknown) {
  return (page: PageContext) => {
    page.title = `${title} · Edgewise`;
    ui.column(() => {
      ui.link('← All pages', '/').classes('link link-hover text-sm');
      heading(title, 1);
      ui.card(() => {
        ui.column(() => {
          build(page);
        }).classes('w-full items-start gap-4');
      }).classes('w-full');
    }).classes('mx-auto w-full max-w-2xl gap-4 p-4 sm:p-8');
  };
}
