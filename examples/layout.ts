import { type PageContext, ui } from 'edgewise';

/** A heading, which is one for who cannot see its size as well. */
export function heading(text: string, level: 1 | 2) {
  const size = level === 1 ? 'text-2xl font-semibold' : 'text-lg font-semibold';
  return ui.label(text).classes(size).props({ role: 'heading', 'aria-level': level });
}

/** Dresses a page function: a title, a way back, and a card around what it makes. */
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
