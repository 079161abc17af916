import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { NodeLiteral } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const html = (...nodes: NodeLiteral[]) => renderTree([1, 'root', {}, nodes]);
const menu: NodeLiteral = [3, 'menu', {}, [[4, 'menuItem', { text: 'Rename' }]]];

describe('a menu', () => {
  test('stands beside the element around it, and a button opens it without code', () => {
    expect(html([2, 'button', { text: 'File' }, [menu]])).toMatch(
      /<button[^>]* aria-haspopup="menu" popovertarget="e3"[^>]*>File<\/button><div [^>]*popover="auto" id="e3" role="menu"><button type="button" role="menuitem" tabindex="-1"/,
    );
  });

  test('of other elements than items is no menu for assistive technology', () => {
    const shown = html([2, 'button', { text: 'File' }, [[3, 'menu', {}, [[4, 'label', { text: 'inside' }]]]]]);
    expect(shown).toContain('aria-haspopup="dialog"');
    expect(shown).not.toContain('role="menu"');
  });

  test.each(['label', 'button', 'link', 'input', 'image', 'card', 'icon'] as const)('of a %s is shown', (kind) => {
    const props = { text: 'text', value: '', label: 'label', href: '/', src: '/a.png', alt: '', name: 'x' };
    expect(html([2, kind, props, [menu]])).toContain('role="menuitem"');
  });

  test('inside of an item is a submenu, and its items are not those of the menu around it', () => {
    const inner: NodeLiteral = [5, 'menu', {}, [[6, 'menuItem', { text: 'As PDF' }]]];
    expect(
      html([2, 'button', { text: 'File' }, [[3, 'menu', {}, [[4, 'menuItem', { text: 'Export' }, [inner]]]]]]),
    ).toMatch(/popovertarget="e5"[^>]*>Export.*lucide--chevron-right.*<\/button><div[^>]* id="e5" role="menu">/);
  });

  test('has items that a click reaches, also after a kill', async () => {
    using user = await open({
      '/': () => {
        const last = ui.state('');
        ui.button('File').add(() =>
          ui.menu(() => {
            ui.menuItem('Rename', () => (last.value = 'renamed'));
            ui.menuItem('Delete', () => (last.value = 'deleted'), { autoClose: false }).enabled = false;
          }),
        );
        ui.label(() => `last: ${last.value}`);
      },
    });
    user.server.kill();
    await user.settle();
    user.find('Rename').click();
    await user.shouldSee('last: renamed');
    expect(() => user.find('Delete').click()).toThrow(/disabled/);
    expect(user.find('Delete').props).toMatchObject({ stays: true });
  });
});

describe('a tooltip', () => {
  test.each(['button', 'label', 'card'] as const)('describes the %s around it', (kind) => {
    const shown = html([2, kind, { text: 'Send' }, [[3, 'tooltip', { text: 'To all' }]]]);
    expect(shown).toMatch(/data-id="2"/);
    expect(shown).toMatch(/aria-describedby="e3".*<div [^>]*popover="manual" role="tooltip" id="e3">To all</);
  });

  test('describes a field together with its message', () => {
    const shown = html([2, 'input', { value: '', label: 'Code', hint: 'Required' }, [[3, 'tooltip', { text: 'x' }]]]);
    expect(shown).toContain('aria-describedby="e2-m e3"');
  });

  test('set by .tooltip() again replaces its text, and follows a signal', async () => {
    using user = await open({
      '/': () => {
        const members = ui.state(2);
        const send = ui.button('Send', () => members.value++).tooltip('Sends it');
        send.tooltip(() => `to ${members.value}`);
        ui.button('Explain', () => send.tooltip('to whomever'));
      },
    });
    const tips = () => user.find({ kind: 'tooltip' }).all.map(({ props }) => props.text);
    expect(tips()).toEqual(['to 2']);
    user.find({ kind: 'button', text: 'Send' }).click();
    await user.settle();
    expect(tips()).toEqual(['to 3']);
    user.find('Explain').click();
    await user.settle();
    expect(tips()).toEqual(['to whomever']);
    user.server.kill();
    await user.settle();
    expect(tips()).toEqual(['to whomever']);
  });

  test('that a handler gives to an element is there after a reload, once', async () => {
    using user = await open({
      '/': () => {
        const name = ui.input('Name');
        ui.button('Explain', () => name.tooltip('Your own'));
      },
    });
    user.find('Explain').click();
    await user.settle();
    await user.reload();
    expect(user.find({ kind: 'tooltip' }).all.map(({ props }) => props.text)).toEqual(['Your own']);
  });
});

describe('a dialog', () => {
  test('that is persistent is closed by a handler only, whatever a browser sends', async () => {
    using user = await open({
      '/': () => {
        const dialog = ui.dialog(
          () => {
            ui.button('Accept', () => dialog.close());
          },
          { persistent: true },
        );
        ui.button('Read', () => dialog.open());
      },
    });
    user.find('Read').click();
    await user.shouldSee('Accept');
    user.find({ kind: 'dialog' }).close();
    await user.settle();
    expect(user.sees('Accept')).toBe(true);
    user.server.kill();
    await user.settle();
    user.find('Accept').click();
    await user.shouldNotSee('Accept');
  });

  test('bound to a signal opens with it, and tells it when the user closes', async () => {
    using user = await open({
      '/': () => {
        const shown = ui.state(false);
        ui.dialog(() => ui.label('inside'), { value: shown, maximized: true });
        ui.button('Show', () => (shown.value = true));
        ui.label(() => `shown: ${shown.value}`);
      },
    });
    user.find('Show').click();
    await user.shouldSee('inside');
    user.find({ kind: 'dialog' }).close();
    await user.shouldSee('shown: false');
    expect(user.sees('inside')).toBe(false);
  });

  test('that is persistent has no shade to click', () => {
    expect(html([2, 'dialog', { open: true }])).toContain('modal-backdrop');
    expect(html([2, 'dialog', { open: true, persistent: true }])).not.toContain('modal-backdrop');
  });
});

describe('a notification', () => {
  test('has the options that the author gave', async () => {
    using user = await open({
      '/': () => {
        ui.notify('Low', {
          type: 'warning',
          position: 'top',
          closeButton: 'Got it',
          spinner: true,
          icon: 'print',
          timeout: 0,
        });
      },
    });
    expect(user.find({ kind: 'notification' }).props).toMatchObject({
      type: 'warning',
      position: 'top',
      close: 'Got it',
      spinner: true,
      icon: 'printer',
    });
  });

  test('changes its text, type and time while it is shown, and goes when it is dismissed', async () => {
    using user = await open({
      '/': () => {
        ui.button('Work', async () => {
          const working = ui.notify('0 %', { type: 'ongoing', timeout: 0 });
          await run.ioBound(async () => 1);
          working.text = '50 %';
          working.type = 'positive';
          working.timeout = 2_000;
          await run.ioBound(async () => 1);
          working.spinner = false;
          ui.button('Away', () => working.dismiss());
        });
      },
    });
    user.find('Work').click();
    await user.shouldSee('Away');
    expect(user.find({ kind: 'notification' }).props).toMatchObject({
      text: '50 %',
      type: 'positive',
      timeout: 2_000,
      spinner: false,
    });
    user.find('Away').click();
    await user.settle();
    expect(user.notifications).toEqual([]);
  });

  const undo = () => {
    const mails = ui.state(3);
    ui.button('Delete', () => {
      mails.value--;
      ui.notify('Deleted', {
        timeout: 0,
        actions: [
          [
            'Undo',
            async () => {
              await run.ioBound(async () => 1);
              mails.value++;
            },
          ],
          ['More', () => mails.value--],
        ],
      });
    });
    ui.label(() => `${mails.value} mails`);
  };

  test('runs the handler of the action that was clicked, once, and is gone', async () => {
    using user = await open({ '/': undo });
    user.find('Delete').click();
    await user.shouldSee('2 mails');
    const shown = user.find({ kind: 'notification' });
    const { node } = shown;
    user.browser.emit(node, 'act', 0);
    user.browser.emit(node, 'act', 0);
    await user.shouldSee('3 mails');
    await user.settle();
    expect(user.sees('3 mails')).toBe(true);
    // The second click came too late, and its user hears so.
    expect(user.notifications).toEqual([expect.stringContaining('nothing was done')]);
  });

  test('has no button any more whose handler a restart has lost', async () => {
    using user = await open({ '/': undo });
    user.find('Delete').click();
    await user.shouldSee('2 mails');
    const shown = user.find({ kind: 'notification' });
    expect(shown.props.actions).toEqual(['Undo', 'More']);
    await user.advance('1s');
    user.server.kill();
    user.browser.emit(shown.node, 'act', 0);
    await user.advance('5s');
    expect(shown.all[0]?.props).toMatchObject({ text: 'Deleted' });
    expect(shown.all[0]?.props.actions).toBeUndefined();
    expect(user.notifications).toEqual(['Deleted']);
    expect(user.sees('2 mails')).toBe(true);
    expect(user.server.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  const twoHandlers = () => {
    const heard = ui.state('nothing');
    const show = (text: string) => ui.notify(text, { timeout: 0, actions: [['Yes', () => (heard.value = text)]] });
    ui.button('Ended', () => show('ended'));
    ui.button('Open', async () => {
      show('open');
      await run.sleep('10m');
    });
    ui.label(() => `Heard: ${heard.value}`);
  };
  const buttons = (user: User) =>
    user.find({ kind: 'notification' }).all.map(({ props: { text, actions } }) => [text, actions]);

  test('has buttons after a restart where its own handler is continued, and none where another one is', async () => {
    using user = await open({ '/': twoHandlers });
    user.find('Ended').click();
    user.find('Open').click();
    await user.advance('1s');
    expect(buttons(user)).toEqual([
      ['ended', ['Yes']],
      ['open', ['Yes']],
    ]);
    user.server.kill();
    await user.reload();
    await user.advance('1s');
    expect(buttons(user)).toEqual([
      ['ended', undefined],
      ['open', ['Yes']],
    ]);
    await user.advance('10m');
    user.server.kill();
    user.find('Open').click();
    await user.advance('1s');
    user.server.kill();
    await user.advance('1s');
    expect(buttons(user)).toEqual([
      ['ended', undefined],
      ['open', undefined],
      ['open', ['Yes']],
    ]);
    expect(user.server.errors).toEqual([]);
  });

  test('[NF4] hears the click on a button that was made while the server was away, when its handler is continued', async () => {
    using user = await open({ '/': twoHandlers });
    user.find('Open').click();
    await user.advance('1s');
    user.server.kill();
    user.browser.emit(user.find({ kind: 'notification' }).node, 'act', 0);
    await user.shouldSee('Heard: open', { within: '5s' });
    await user.settle();
    expect(buttons(user)).toEqual([]);
    expect(user.server.errors).toEqual([]);
  });

  test.each([[2], [-1], ['0'], [null], [undefined], [{}], ['length']])('refuses the action %j', async (value) => {
    using user = await open({ '/': undo });
    user.find('Delete').click();
    await user.shouldSee('2 mails');
    user.browser.emit(user.find({ kind: 'notification' }).node, 'act', value);
    await user.settle();
    expect([user.notifications, user.sees('2 mails')]).toEqual([['Deleted'], true]);
  });
});

describe('a fab', () => {
  test('opens its actions without code, and each button has a name', () => {
    expect(
      html([
        2,
        'fab',
        { text: '', icon: 'plus', direction: 'up' },
        [[3, 'fabAction', { text: '', icon: 'sticky-note' }]],
      ]),
    ).toMatch(
      /<button type="button" aria-label="plus" aria-haspopup="true" popovertarget="e2-l".*<div popover="auto" id="e2-l" class="edgewise-fab" data-direction="up"><button type="button" aria-label="sticky note"/,
    );
  });

  test('has actions that a click reaches, by their text or their label', async () => {
    using user = await open({
      '/': () => {
        const last = ui.state('');
        ui.fab('add', () => {
          ui.fabAction('note', () => (last.value = 'note'), { text: 'Note' });
          ui.fabAction('image', () => (last.value = 'image'), { label: 'Picture', autoClose: false });
        });
        ui.label(() => `last: ${last.value}`);
      },
    });
    user.find('Note').click();
    await user.shouldSee('last: note');
    user.find('Picture').click();
    await user.shouldSee('last: image');
    expect(user.find('Picture').props).toMatchObject({ stays: true });
  });
});
