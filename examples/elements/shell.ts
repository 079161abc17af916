import { ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './shell.ts?raw';

export const shell: Family = {
  title: 'Shell',
  line: 'Header, drawers, footer, colours and keys: what belongs to the page as a whole.',
  source,
  entries: [
    { name: 'Header, drawers and footer', build: frame, around: true },
    { name: 'Theme', build: theme },
    { name: 'Keys', build: keys },
    { name: 'What stands for no element', build: headings },
  ],
};

function frame() {
  ui.skipLink(); // the first thing that the Tab key reaches
  const menu = ui.leftDrawer(
    () => {
      ui.link('All elements', '/elements');
      ui.link('All pages', '/');
    },
    { value: false },
  );
  const details = ui.rightDrawer(() => ui.label('What you have chosen, in detail.'), { value: false });
  ui.header(() => {
    ui.button('', () => menu.toggle(), { icon: 'menu', label: 'Menu', variant: 'ghost' });
    ui.label('Orders').classes('text-lg font-semibold');
    ui.space();
    ui.button('', () => details.toggle(), { icon: 'info', label: 'Details', variant: 'ghost' });
  });
  ui.footer(() => ui.label('Seven orders are open.').classes('text-sm'));
  ui.pageSticky(() => ui.button('', () => ui.notify('New'), { icon: 'add', label: 'New order', round: true }), {
    x: 16,
    y: 56,
  });
}

function theme() {
  const dark = ui.darkMode(ui.state<boolean | null>(null)); // a reload remembers it
  const accent = ui.state('#0f766e');
  ui.colors({ accent: () => accent.value || '#0f766e' });
  ui.row(() => {
    ui.button('Light or dark', () => dark.toggle(), { icon: 'dark_mode', variant: 'outline' });
    ui.button('As the system', () => (dark.value = null), { variant: 'ghost' });
  });
  ui.colorInput('Accent', { value: accent });
  ui.button('In this colour', undefined, { color: 'accent' });
}

function keys() {
  const at = ui.state(0);
  ui.keyboard(({ key }) => (at.value += key === 'ArrowRight' ? 1 : -1), { keys: ['ArrowLeft', 'ArrowRight'] });
  ui.label('Press the arrows to the left and to the right.');
  ui.label(() => `Steps to the right: ${at.value}`);
}

function headings() {
  const on = ui.state(false);
  ui.switch('Underline the headings', { value: on });
  ui.query('[role=heading]').classes(() => (on.value ? 'underline' : ''));
}
