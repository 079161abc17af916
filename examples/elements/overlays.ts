import { run, ui } from 'edgewise';
import type { Family } from './family.ts';
import source from './overlays.ts?raw';

export const overlays: Family = {
  title: 'Overlays',
  line: 'Menus, tooltips, dialogs and messages: what lies over the page for a while.',
  source,
  entries: [
    { name: 'Menu', build: fileMenu },
    { name: 'Context menu', build: files },
    { name: 'Tooltip', build: hints },
    { name: 'Dialog', build: terms },
    { name: 'Question', build: questions },
    { name: 'Notification', build: messages },
  ],
};

function fileMenu() {
  const last = ui.state('nothing');
  ui.row(() => {
    ui.button('File', undefined, { iconEnd: 'expand_more' }).add(() => {
      const menu = ui.menu(() => {
        ui.menuItem('New', () => (last.value = 'New'), { icon: 'add' });
        ui.menuItem('Rename', () => (last.value = 'Rename'), { icon: 'edit' });
        ui.menuItem('Export').add(() =>
          ui.menu(() => {
            ui.menuItem('As text', () => (last.value = 'As text'));
            ui.menuItem('As picture', () => (last.value = 'As picture'));
          }),
        );
        ui.menuItem('Close', () => menu.close(), { autoClose: false });
      });
    });
    ui.label(() => `You chose ${last.value}`);
  });
}

function files() {
  const kept = ui.state(true);
  ui.card(() => {
    ui.label(() => (kept.value ? 'report.pdf' : 'report.pdf (deleted)'));
    ui.label('Right click, or press long').classes('text-sm opacity-70');
    ui.contextMenu(() => {
      ui.menuItem('Delete', () => (kept.value = false), { icon: 'delete' });
      ui.menuItem('Restore', () => (kept.value = true), { icon: 'undo' });
    });
  });
}

function hints() {
  ui.row(() => {
    ui.button('Send', () => ui.notify('Sent')).tooltip('Sends it to all members');
    ui.input('Code').tooltip('Six digits, from your mail');
    ui.label('Battery').add(() => ui.tooltip('', () => ui.label('82 %, enough for 4 hours')));
  });
}

function terms() {
  const accepted = ui.state(false);
  const dialog = ui.dialog(
    () => {
      ui.heading('Terms', { level: 3 });
      ui.label('You may use it as you like.');
      ui.row(() => {
        ui.button('Accept', () => {
          accepted.value = true;
          dialog.close();
        });
        ui.button('Which are the terms?', () => ui.notify('These: you may use it as you like.'), { variant: 'ghost' });
      });
    },
    { label: 'Terms', persistent: true },
  );
  const picture = ui.dialog(
    () => {
      ui.button('Back', () => picture.close());
    },
    { label: 'Picture', maximized: true },
  );
  ui.row(() => {
    ui.button('Read the terms', () => dialog.open());
    ui.button('Full window', () => picture.open(), { variant: 'outline' });
    ui.label(() => (accepted.value ? 'Accepted' : 'Not accepted'));
  });
}

function questions() {
  const name = ui.state('Untitled');
  ui.row(() => {
    ui.button('Rename', async () => {
      name.value = (await ui.prompt('What shall the board be called?', { value: name.value })) ?? name.value;
    });
    ui.button('Delete', async () => {
      if (await ui.confirm(`Delete ${name.value}?`, { danger: true })) name.value = 'Untitled';
    });
    ui.label(name);
  });
}

function messages() {
  const mails = ui.state(3);
  ui.row(() => {
    ui.button('Delete a mail', () => {
      mails.value--;
      ui.notify('The mail is in the bin.', { position: 'bottom', actions: [['Undo', () => mails.value++]] });
    });
    ui.button('Warn', () => ui.notify('Low on paper', { type: 'warning', position: 'top', closeButton: 'Got it' }));
    ui.button('Work', async () => {
      const working = ui.notify('Working …', { type: 'ongoing', timeout: 0, position: 'top-right' });
      await run.ioBound(() => new Promise((done) => setTimeout(done, 1_000)));
      working.text = 'Done';
      working.type = 'positive';
      working.timeout = 2_000;
    });
    ui.label(() => `Mails: ${mails.value}`);
  });
}
