import { type Dialog, type Input, type Link, ui } from 'edgewise';
import { type Found, find } from './find.ts';
import type { Group } from './places.ts';

/** A window that finds pages by words. `/` and Ctrl+K open it, the arrows walk through what it finds, Enter goes there. */
export function finder(groups: readonly Group[]): Dialog {
  const text = ui.state('');
  const found = ui.computed(() => find(groups, text.value));
  const links = new Map<string, Link>();
  /** Moves the focus to a result; before the first one stands the field. */
  const focus = (at: number) => (at < 0 ? field : links.get(found.value[at]?.path ?? ''))?.focus();
  const placeOf = (path: string) => found.value.findIndex((one) => one.path === path);

  let field: Input | undefined;

  const dialog = ui.dialog(
    () => {
      field = ui
        .input('A page, an example, an element or a chapter', {
          value: text,
          icon: 'search',
          maxLength: 100,
          onEnter: goToFirst,
        })
        .classes('w-full')
        .props({ autofocus: true })
        .on('keydown.down.prevent', () => focus(0));
      ui.column(() => ui.each(found, ({ path }) => path, result)).classes('w-full gap-2');
      ui.label(() =>
        text.value.trim() === ''
          ? 'Type a word, such as “table”, “upload” or “slider”.'
          : `Nothing has “${text.value.trim()}” in its name, its text or its code. A shorter word finds more.`,
      )
        .classes('w-full py-8 text-center opacity-70')
        .show(() => found.value.length === 0);
    },
    { label: 'Find' },
  );
  ui.keyboard(
    ({ key, ctrl, meta }) => {
      if (key === '/' || ctrl || meta) dialog.open();
    },
    { keys: ['/', 'k'], ignore: ['input', 'select', 'textarea'], repeating: false },
  );
  return dialog;

  function goToFirst() {
    const [place] = found.value;
    if (place) ui.navigate.to(place.path);
  }

  /** The whole row is the link. */
  function result({ title, path, line, group }: Found) {
    ui.column(() => {
      ui.row(() => {
        const link = ui
          .link(title, path)
          .classes('link-hover font-medium after:absolute after:inset-0 focus-visible:outline-none')
          .on('keydown.down.prevent', () => focus(placeOf(path) + 1))
          .on('keydown.up.prevent', () => focus(placeOf(path) - 1));
        links.set(path, link);
        ui.space();
        ui.badge(group, { variant: 'soft', size: 'sm' });
      }).classes('w-full flex-nowrap');
      ui.label(line).classes('text-sm opacity-70');
    }).classes('relative w-full gap-1 rounded-box border border-base-300 p-3 has-[a:focus-visible]:outline-2');
  }
}
