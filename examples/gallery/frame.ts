import { type PageContext, storage, ui } from 'edgewise';
import { finder } from './finder.ts';
import type { Group, Place } from './places.ts';

/** What stands around each page of the gallery. */
export interface Frame {
  /** Pages in the menu. */
  readonly menu: readonly Group[];
  /** Pages and parts of pages that can be found. */
  readonly findable: readonly Group[];
}

/** Adds the header, and the menu of all pages, which is closed at first. */
export function frame({ menu, findable }: Frame) {
  const dark = ui.darkMode(storage.user<boolean | null>('gallery.dark', null));
  ui.skipLink();
  const drawer = ui
    .leftDrawer(
      () => {
        for (const group of menu) links(group);
      },
      { value: false },
    )
    .classes('gap-1');
  const dialog = finder(findable);
  ui.header(() => {
    ui.button('', () => drawer.toggle(), { icon: 'menu', label: 'Menu', variant: 'ghost', round: true });
    ui.link('Edgewise', '/').classes('link-hover text-lg font-semibold text-inherit');
    ui.space();
    ui.button('Find', () => dialog.open(), { icon: 'search', variant: 'outline', size: 'sm' }).tooltip(
      'Press / or Ctrl+K',
    );
    ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost', round: true });
  })
    .classes('shadow-sm')
    // The colour of the page, because the colours of the option are those of areas that stand out.
    .style('background: var(--color-base-100); color: var(--color-base-content)');
}

function links({ title, places }: Group) {
  ui.label(title).classes('mt-4 px-3 text-xs font-semibold opacity-70');
  for (const { title, path } of places) {
    ui.link(title, path, { key: path }).classes(
      'link-hover rounded-field px-3 py-1 text-sm text-inherit aria-[current]:font-semibold',
    );
  }
}

/** How a page stands in the frame. */
interface Framing {
  /** The page that the link at the top leads to. @default the first page */
  readonly back?: Omit<Place, 'line'>;
  /** True makes room for code beside what it shows. @default false */
  readonly wide?: boolean;
}

/** Returns a page in the frame, with a way back. */
export function framed(around: Frame, title: string, build: (page: PageContext) => unknown, framing: Framing = {}) {
  const { back = { title: 'All pages', path: '/' }, wide = false } = framing;
  return (page: PageContext) => {
    page.title = `${title} · Edgewise`;
    frame(around);
    ui.column(() => {
      ui.link(`← ${back.title}`, back.path).classes('link-hover text-sm');
      build(page);
    }).classes(`mx-auto w-full ${wide ? 'max-w-7xl' : 'max-w-5xl'} gap-4 sm:p-6`);
  };
}
