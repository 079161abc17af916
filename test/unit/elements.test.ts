import { describe, expect, test } from 'vitest';
import { type Element, ui } from '../../src/elements/index.ts';
import type { Json, Kind } from '../../src/protocol/index.ts';
import { batch, computed, type Signal, signal } from '../../src/reactive/index.ts';
import type { TreeNode } from '../../src/tree/index.ts';
import { Kit } from './kit.ts';

const nothing = () => {};

/** What one element made by `build` shows. */
function shown(build: () => unknown): Record<string, Json> {
  const kit = new Kit(build);
  return { ...(kit.tree.root.children.at(-1) as TreeNode).props };
}

describe('props as they are rendered', () => {
  const cases: readonly [what: string, kind: Kind, build: () => unknown, props: Record<string, unknown>][] = [
    ['label', 'label', () => ui.label('Hello'), { text: 'Hello' }],
    ['label of a number', 'label', () => ui.label(0), { text: '0' }],
    ['label of a signal', 'label', () => ui.label(signal(7)), { text: '7' }],
    ['label of a function', 'label', () => ui.label(() => 'f'), { text: 'f' }],
    ['button', 'button', () => ui.button('Go'), { text: 'Go' }],
    ['button with a handler', 'button', () => ui.button('Go', nothing), { text: 'Go', on: { click: 1 } }],
    [
      'button with a colour',
      'button',
      () => ui.button('Go', undefined, { color: 'error' }),
      { text: 'Go', color: 'error' },
    ],
    ['input', 'input', () => ui.input('Name'), { label: 'Name', value: '' }],
    ['input without a label', 'input', () => ui.input(''), { value: '' }],
    [
      'input with all there is',
      'input',
      () =>
        ui.input('Name', {
          value: 'x',
          placeholder: 'p',
          type: 'email',
          maxLength: 0,
          readOnly: true,
          onEnter: nothing,
          onChange: nothing,
        }),
      {
        label: 'Name',
        value: 'x',
        placeholder: 'p',
        type: 'email',
        maxlength: 0,
        readonly: true,
        on: { 'keydown.enter': 1 },
      },
    ],
    ['checkbox', 'checkbox', () => ui.checkbox('Done', { onChange: nothing }), { text: 'Done', value: false }],
    ['checkbox that is ticked', 'checkbox', () => ui.checkbox('Done', { value: true }), { text: 'Done', value: true }],
    [
      'select of texts',
      'select',
      () => ui.select(['a', 'b'], { onChange: nothing }),
      {
        options: [
          { value: 'a', text: 'a' },
          { value: 'b', text: 'b' },
        ],
        value: 'a',
      },
    ],
    [
      'select of values and texts',
      'select',
      () => ui.select({ de: 'Deutsch', en: 'English' }, { value: 'en', label: 'Language' }),
      {
        label: 'Language',
        options: [
          { value: 'de', text: 'Deutsch' },
          { value: 'en', text: 'English' },
        ],
        value: 'en',
      },
    ],
    ['select of nothing', 'select', () => ui.select([]), { options: [], value: '' }],
    ['link', 'link', () => ui.link('More', '/more'), { text: 'More', href: '/more' }],
    [
      'link to a new tab',
      'link',
      () => ui.link(() => 'More', signal('/x'), { newTab: true }),
      { text: 'More', href: '/x', target: '_blank' },
    ],
    ['row', 'row', () => ui.row(), {}],
    ['column', 'column', () => ui.column(nothing), {}],
    ['card', 'card', () => ui.card(nothing), {}],
    ['progress', 'progress', () => ui.progress(), { value: null }],
    ['progress of half', 'progress', () => ui.progress(0.5, { label: false }), { value: 0.5, label: false }],
    ['progress beyond the end', 'progress', () => ui.progress(signal(7)), { value: 1 }],
    ['progress below the start', 'progress', () => ui.progress(() => -1), { value: 0 }],
    ['progress of nothing known', 'progress', () => ui.progress(Number.NaN), { value: null }],
    ['spinner', 'spinner', () => ui.spinner(), {}],
    [
      'spinner with all there is',
      'spinner',
      () => ui.spinner({ size: 'lg', label: 'Saving' }),
      { size: 'lg', label: 'Saving' },
    ],
    ['image', 'image', () => ui.image('/a.png'), { src: '/a.png', alt: '' }],
    [
      'image with its meaning',
      'image',
      () => ui.image(() => '/b.png', { alt: 'A cat' }),
      { src: '/b.png', alt: 'A cat' },
    ],
    ['log', 'log', () => ui.log(), { lines: [], max: 1000, total: 0 }],
    ['log with lines', 'log', () => ui.log({ max: 2 }).push('a\nb', 3), { lines: ['b', '3'], max: 2, total: 3 }],
    ['dialog', 'dialog', () => ui.dialog(nothing, { label: 'Sure?' }), { open: false, label: 'Sure?' }],
    ['dialog that is open', 'dialog', () => ui.dialog().open(), { open: true }],
    [
      'tabs',
      'tabs',
      () => ui.tabs({ A: nothing, B: nothing }),
      {
        value: 'A',
        tabs: [
          { value: 'A', text: 'A' },
          { value: 'B', text: 'B' },
        ],
      },
    ],
    ['timer', 'timer', () => ui.timer(1, nothing), {}],
    ['timer that waits', 'timer', () => ui.timer(1, nothing, { active: false }), { disabled: true }],
    ['notification', 'notification', () => ui.notify('Saved'), { text: 'Saved', type: 'info', timeout: 5000 }],
    [
      'notification that stays',
      'notification',
      () => ui.notify('No', { type: 'negative', timeout: 0 }),
      { text: 'No', type: 'negative', timeout: 0 },
    ],
    [
      'notification for a while',
      'notification',
      () => ui.notify('No', { timeout: '2s' }),
      { text: 'No', type: 'info', timeout: 2000 },
    ],
  ];
  test.each(cases)('%s', (_, kind, build, props) => {
    const kit = new Kit(build);
    const node = kit.tree.root.children[0] as TreeNode;
    expect(node.kind).toBe(kind);
    expect(node.props).toEqual(props);
  });

  const common: readonly [what: string, build: (element: Element) => unknown, props: Record<string, unknown>][] = [
    ['classes add up', (it) => it.classes('a b').classes('c'), { class: 'a b c' }],
    [
      'computed classes join the others',
      (it) =>
        it
          .classes('a')
          .classes(() => 'b')
          .classes(signal(''))
          .classes('d'),
      { class: 'a b d' },
    ],
    ['style', (it) => it.style('color: red'), { style: 'color: red' }],
    [
      'HTML attributes add up',
      (it) => it.props({ title: 'x', tabindex: 0 }).props({ title: () => 'y' }),
      { attrs: { title: 'y', tabindex: 0 } },
    ],
    ['hidden', (it) => it.show(false), { hidden: true }],
    ['shown', (it) => it.show(true), {}],
    ['disabled', (it) => it.enable(() => false), { disabled: true }],
    [
      'an event',
      (it) => it.on('click', nothing).on('keydown.enter', nothing),
      { on: { click: 1, 'keydown.enter': 1 } },
    ],
    [
      'an event with what it takes along',
      (it) => it.on('scroll', nothing, { args: ['key'], throttle: 50, debounce: 10, whileRunning: 'queue' }),
      { on: { scroll: { args: ['key'], throttle: 50, debounce: 10 } } },
    ],
  ];
  test.each(common)('on every element: %s', (_, build, props) => {
    expect(shown(() => build(ui.row()))).toEqual(props);
  });

  const mistakes: readonly [what: string, build: () => unknown, message: RegExp][] = [
    ['code in an attribute', () => ui.row().props({ onClick: 'alert(1)' }), /Use \.on\('Click'/],
    ['a log of no lines', () => ui.log({ max: 0 }), /max of ui\.log is a whole number from 1 to 10,000/],
    ['a log of too many lines', () => ui.log({ max: 10_001 }), /max of ui\.log is a whole number from 1 to 10,000/],
    ['tabs without a panel', () => ui.tabs({}), /at least one panel/],
    ['a timer that never waits', () => ui.timer(0, nothing), /length of time/],
    ['an async part', () => ui.show(true, async () => {}), /ui\.show is async/],
  ];
  test.each(mistakes)('%s is an error that says what to do', (_, build, message) => {
    expect(() => new Kit(build)).toThrow(message);
  });

  test('an element outside of a page is an error that says where it may be made', () => {
    expect(() => ui.label('x')).toThrow(/ui\.label needs a page, and this code runs outside of one/);
    expect(() => ui.state(1)).toThrow(/ui\.state needs a page/);
    expect(() => ui.notify('x')).toThrow(/ui\.notify needs a page/);
  });
});

describe('bindings', () => {
  test('[WS6] a signal, a computed one and a function are followed; a value ends it', () => {
    const name = signal('Ada');
    const kit = new Kit(() => {
      ui.label(name);
      ui.label(computed(() => name.value.length));
      ui.label(() => `Hi ${name.value}`).classes(() => (name.value === 'Bob' ? 'red' : 'blue'));
      ui.image(name);
    });
    expect(kit.texts()).toEqual(['Ada', '3', 'Hi Ada']);
    name.value = 'Barbara';
    kit.sync();
    expect(kit.texts()).toEqual(['Barbara', '7', 'Hi Barbara']);
    expect(kit.one('image').props.src).toBe('Barbara');
    expect(kit.all('label')[2]?.props.class).toBe('blue');
  });

  test('[WS6] binding a prop again ends the binding before it', () => {
    const [one, two] = [signal('1'), signal('a')];
    let label = {} as ReturnType<typeof ui.label>;
    const kit = new Kit(() => {
      label = ui.label(one);
    });
    kit.handle(() => {
      label.text = two;
    });
    one.value = '2';
    expect(kit.texts()).toEqual(['a']);
    kit.handle(() => {
      label.text = 'fixed';
    });
    two.value = 'b';
    expect(kit.texts()).toEqual(['fixed']);
    expect([label.node.owned, label.node.bindings?.size]).toEqual([undefined, 0]);
  });

  test('[WS6] a prop that a handler has set follows nothing after a rebuild either; what users write too does', () => {
    const [text, draft] = [signal('1'), signal('a')];
    let label = {} as ReturnType<typeof ui.label>;
    let field = {} as ReturnType<typeof ui.input>;
    const kit = new Kit(() => {
      label = ui.label(text);
      field = ui.input('Field', { value: draft });
    });
    kit.handle(() => {
      label.text = 'fixed';
      field.value = 'b';
    });
    const again = kit.again();
    text.value = '2';
    draft.value = 'c';
    expect([again.texts(), again.one('input').props.value]).toEqual([['fixed'], 'c']);
  });

  test('[NB6] an element that goes stops following, with all in it', () => {
    const name = signal('a');
    let runs = 0;
    let card = {} as ReturnType<typeof ui.card>;
    const kit = new Kit(() => {
      card = ui.card(() =>
        ui.label(() => {
          runs++;
          return name.value;
        }),
      );
    });
    const before = runs;
    kit.handle(() => card.delete());
    name.value = 'b';
    expect(runs).toBe(before);
    // Bound when it is gone already: it never starts.
    kit.handle(() => {
      card.visible = () => {
        runs++;
        return name.value === 'c';
      };
    });
    const bound = runs;
    name.value = 'c';
    expect(runs).toBe(bound);
  });

  test('[WS5] a computed prop that fails is reported once for each change and follows on', () => {
    const number = signal(1);
    const kit = new Kit(() =>
      ui.label(() => {
        if (number.value === 2) throw new Error('no twos');
        return number.value;
      }),
    );
    number.value = 2;
    expect(kit.reports.map(String)).toEqual(['Error: no twos']);
    expect(kit.texts()).toEqual(['1']);
    number.value = 3;
    expect(kit.texts()).toEqual(['3']);
    expect(kit.reports).toHaveLength(1);
  });

  test('[WS5] a computed prop that fails while the page is built fails the page', () => {
    expect(
      () =>
        new Kit(() =>
          ui.label(() => {
            throw new Error('at once');
          }),
        ),
    ).toThrow('at once');
  });

  test('all that one handler changes is one patch', () => {
    const [a, b] = [signal(1), signal(1)];
    let sums = 0;
    const kit = new Kit(() =>
      ui.label(() => {
        sums++;
        return a.value + b.value;
      }),
    );
    const before = sums;
    kit.handle(() => {
      a.value = 2;
      b.value = 2;
    });
    expect(sums).toBe(before + 1);
    expect(kit.sync()).toEqual([[kit.one('label').id, 'text', '4']]);
  });

  test('[WS6] visible and enabled follow and are read back', () => {
    const open = signal(true);
    let label = {} as ReturnType<typeof ui.label>;
    const kit = new Kit(() => {
      label = ui.label('x').show(open).enable(open);
    });
    expect([label.visible, label.enabled]).toEqual([true, true]);
    open.value = false;
    expect([label.visible, label.enabled]).toEqual([false, false]);
    expect(kit.sync()).toEqual([
      [label.node.id, 'hidden', true],
      [label.node.id, 'disabled', true],
    ]);
    open.value = true;
    expect(kit.sync()).toEqual([
      [label.node.id, 'hidden'],
      [label.node.id, 'disabled'],
    ]);
  });
});

describe('values that both sides change', () => {
  function two(value: Signal<string> | (() => string) | string) {
    let input = {} as ReturnType<typeof ui.input>;
    const changes: string[] = [];
    const kit = new Kit(() => {
      input = ui.input('Name', { value, onChange: (text) => changes.push(text) });
    });
    return { kit, input, changes };
  }

  test('a signal as value follows the user and is followed', () => {
    const name = signal('Ada');
    const { kit, input, changes } = two(name);
    kit.emit(input.node, 'value', 'Bob');
    expect(name.value).toBe('Bob');
    expect(changes).toEqual(['Bob']);
    // The browser shows it already.
    expect(kit.sync()).toEqual([]);
    name.value = 'Eve';
    expect(input.value).toBe('Eve');
    expect(kit.sync()).toEqual([1, [input.node.id, 'value', 'Eve']]);
    expect(changes).toEqual(['Bob']);
  });

  test('what a handler makes of the value reaches the browser', () => {
    const name = signal('');
    const kit = new Kit(() => {
      ui.input('', { value: name, onChange: (text) => (name.value = text.toUpperCase()) });
    });
    const node = kit.one('input');
    kit.emit(node, 'value', 'bob');
    expect(kit.sync()).toEqual([1, [node.id, 'value', 'BOB']]);
  });

  test("a function or a computed signal as value leaves the user's until its own changes", () => {
    const source = signal('a');
    for (const value of [() => source.value, computed(() => source.value) as Signal<string>]) {
      source.value = 'a';
      const { kit, input } = two(value);
      kit.emit(input.node, 'value', 'mine');
      expect(input.value).toBe('mine');
      source.value = 'b';
      expect(input.value).toBe('b');
      kit.sync();
    }
  });

  test('[WS7] what the user typed outlives a rebuild, and a signal that is not durable follows it', () => {
    let name = signal('');
    const build = () => {
      name = signal('fresh');
      ui.input('', { value: name });
      ui.input('', { value: 'start' });
    };
    const kit = new Kit(build);
    const [one, other] = kit.all('input') as [TreeNode, TreeNode];
    kit.emit(one, 'value', 'typed');
    kit.emit(other, 'value', 'typed too');
    const again = kit.again();
    expect(again.all('input').map((node) => node.props.value)).toEqual(['typed', 'typed too']);
    expect(name.value).toBe('typed');
  });

  test('an element with a key keeps what the user typed when another of its kind comes before it', () => {
    let both = false;
    const kit = new Kit(() => {
      if (both) ui.input('First', { key: 'first' });
      ui.input('Second', { key: 'second' });
    });
    kit.emit(kit.one('input'), 'value', 'typed');
    both = true;
    expect(
      kit
        .again()
        .all('input')
        .map(({ props }) => [props.label, props.value]),
    ).toEqual([
      ['First', ''],
      ['Second', 'typed'],
    ]);
  });

  test('two elements of one kind with the same key in one place are refused', () => {
    const twice = () => {
      ui.input('A', { key: 1 });
      ui.input('B', { key: 1 });
    };
    expect(() => new Kit(twice)).toThrow(
      'Two elements of ui.input under the same parent have the key 1. Give each a different key.',
    );
  });

  test('[WS7] checkbox, select, tabs and dialog do the same with their values', () => {
    const [done, language] = [signal(false), signal('de')];
    const opened: boolean[] = [];
    const kit = new Kit(() => {
      ui.checkbox('', { value: done });
      ui.select(['de', 'en'], { value: language });
      ui.tabs({ A: nothing, B: nothing });
      ui.dialog().onChange((event) => opened.push(event.value));
    });
    kit.emit(kit.one('checkbox'), 'value', true);
    kit.emit(kit.one('select'), 'value', 'en');
    kit.emit(kit.one('tabs'), 'value', 'B');
    kit.emit(kit.one('dialog'), 'open', false);
    expect([done.value, language.value, kit.one('tabs').props.value, opened]).toEqual([true, 'en', 'B', [false]]);
  });
});

describe('where new elements go', () => {
  test('what a handler makes lands beside the element whose handler it is, also after its awaits', async () => {
    let gate = nothing as () => void;
    const opened = new Promise<void>((resolve) => {
      gate = resolve;
    });
    const kit = new Kit(() => {
      ui.card(() =>
        ui.button('Go', async () => {
          ui.label('before');
          await opened;
          ui.label('after');
          await null;
          ui.row(() => ui.label('inside'));
        }),
      );
      ui.card();
    });
    const [first, second] = kit.all('card') as [TreeNode, TreeNode];
    const [run] = kit.emit(kit.one('button'), 'click');
    kit.handle(() => ui.label('elsewhere'), second.children[0]);
    gate();
    await run;
    kit.sync();
    expect(kit.all('label', first).map((node) => node.props.text)).toEqual(['before', 'after', 'inside']);
    expect(kit.again().texts()).toEqual(['before', 'after', 'inside', 'elsewhere']);
  });

  test('add puts into an element, delete and clear take out, and all of it is remembered', () => {
    let column = {} as ReturnType<typeof ui.column>;
    let first = {} as ReturnType<typeof ui.label>;
    const kit = new Kit(() => {
      column = ui.column(() => {
        first = ui.label('1');
        ui.label('2');
      });
    });
    kit.handle(() => {
      column.add(() => ui.label('3'));
      first.delete();
      first.text = 'never';
    });
    kit.sync();
    let again = kit.again();
    expect(again.texts()).toEqual(['2', '3']);
    again.handle(() => column.clear());
    again.handle(() => column.add(() => ui.label('4')));
    again.sync();
    again = again.again();
    expect(again.texts()).toEqual(['4']);
  });

  test('a notification of the page function is seen once, one of a handler until it is done', () => {
    const kit = new Kit(() => ui.notify('Welcome'));
    kit.handle(() => ui.notify('Saved'));
    const [welcome] = kit.all('notification') as [TreeNode];
    kit.handle(() => kit.tree.remove(welcome, false));
    const again = kit.again();
    expect(again.texts('notification')).toEqual(['Saved']);
    again.handle(() => again.tree.remove(again.one('notification'), false));
    expect(again.again().texts('notification')).toEqual([]);
  });

  test('a handler that cannot outlive the object keeps it awake, wherever it was attached', () => {
    const kit = new Kit(() => {
      ui.button('x', nothing);
      ui.input('', { value: signal(''), onChange: nothing });
    });
    expect(kit.held).toBe(0);
    kit.handle(() => ui.button('y', nothing));
    kit.handle(() => ui.input('', { onChange: nothing }));
    expect(kit.held).toBe(2);
    kit.handle(() => ui.label('no handler'));
    expect(kit.held).toBe(2);
  });
});

describe('state', () => {
  test('state of a page function outlives a rebuild; its name keeps it when the code around it changes', () => {
    let more = false;
    let parts: Signal<unknown>[] = [];
    const build = () => {
      parts = [...(more ? [ui.state('new')] : []), ui.state(1), ui.state<unknown>({}, 'named')];
      ui.column(() => parts.push(ui.state('inner')));
    };
    const kit = new Kit(build);
    kit.handle(() => {
      const value = new Map<string, unknown>([['at', new Date(0)]]);
      [2, value, 'kept'].forEach((it, index) => {
        (parts[index] as Signal<unknown>).value = it;
      });
    });
    const again = kit.again();
    expect(parts.map((part) => part.value)).toEqual([2, new Map([['at', new Date(0)]]), 'kept']);
    more = true;
    again.again();
    expect(parts[2]?.value).toEqual(new Map([['at', new Date(0)]]));
  });

  test('a value that cannot be kept throws where it is assigned, names the place, and changes nothing', () => {
    let state = signal<unknown>(0);
    const kit = new Kit(() => {
      state = ui.state<unknown>(0, 'todos');
      ui.label(() => String(state.value));
    });
    expect(() =>
      kit.handle(() => {
        state.value = { list: [{ done: () => true }] };
      }),
    ).toThrow(/The state "todos" cannot be stored: the value\.list\[0\]\.done is a function/);
    expect(kit.texts()).toEqual(['0']);
  });

  test('while a page is built, what was kept is newer than what the builder assigns', () => {
    let state = signal('');
    const build = () => {
      state = ui.state('first');
      state.value = 'from the builder';
      ui.label(state);
    };
    const kit = new Kit(build);
    expect(kit.texts()).toEqual(['from the builder']);
    kit.handle(() => {
      state.value = 'from a handler';
    });
    expect(kit.again().texts()).toEqual(['from a handler']);
  });

  test('state of an item goes with the item', () => {
    const items = signal(['a', 'b']);
    const marks = new Map<string, Signal<number>>();
    const kit = new Kit(() =>
      ui.each(
        items,
        (item) => item,
        (item) => {
          const mark = ui.state(0);
          marks.set(item, mark);
          ui.label(() => `${item}${mark.value}`);
        },
      ),
    );
    kit.handle(() => marks.forEach((mark) => mark.value++));
    const again = kit.again();
    expect(again.texts()).toEqual(['a1', 'b1']);
    items.value = ['b'];
    items.value = ['b', 'a'];
    expect(again.texts()).toEqual(['b1', 'a0']);
  });
});

describe('timers and logs', () => {
  test('a timer says how often it runs, and its page hears of each change of `active`', () => {
    const on = signal(true);
    let timer = {} as ReturnType<typeof ui.timer>;
    const kit = new Kit(() => {
      timer = ui.timer('2s', nothing, { once: true });
      ui.timer(500, nothing).enable(on);
    });
    expect([...kit.timers.values()].map(({ interval, once }) => [interval, once])).toEqual([
      [2000, true],
      [500, false],
    ]);
    kit.timerChanges.length = 0;
    timer.active = false;
    expect(timer.active).toBe(false);
    on.value = false;
    on.value = true;
    timer.enable(true);
    const [first, second] = kit.all('timer');
    expect(kit.timerChanges).toEqual([first, second, second, first]);
    timer.cancel();
    expect(kit.timers.size).toBe(1);
    expect(kit.again().timers.size).toBe(1);
  });

  test('a log keeps its newest lines and counts them all, also over rebuilds', () => {
    let log = {} as ReturnType<typeof ui.log>;
    const build = () => {
      log = ui.log({ max: 10 });
      log.push('first');
    };
    let kit = new Kit(build);
    for (let round = 0; round < 20; round++) {
      for (let line = 0; line < 7; line++) kit.handle(() => log.push(`${round}.${line}`));
      kit.sync();
      if (round % 3 === 0) kit = kit.again();
      expect(kit.one('log').props.total).toBe(1 + 7 * (round + 1));
      expect(log.lines).toHaveLength(Math.min(10, 1 + 7 * (round + 1)));
      expect(log.lines.at(-1)).toBe(`${round}.6`);
    }
  });

  test('a log that follows a signal sends what was appended, keeps the newest, and begins anew with another list', () => {
    const list = (first: number, ...items: unknown[]) => Object.assign(items, { first });
    const source = signal<readonly unknown[] & { readonly first?: number }>(['a']);
    const kit = new Kit(() => ui.log({ max: 4 }).follow(source));
    const log = () => kit.one('log');
    const { id } = log();
    const says = (next: typeof source.value) => {
      source.value = next;
      return kit.sync();
    };
    expect(log().props).toEqual({ lines: ['a'], max: 4, total: 1 });
    expect(says(['a', 'b', 3])).toEqual([['a', id, ['b', '3'], 3]]);
    expect(says(['a', 'b', 3]), 'nothing new').toEqual([]);
    expect(says(list(2, 3, 'd')), 'the source dropped two').toEqual([['a', id, ['d'], 4]]);
    expect(log().props.lines).toEqual(['a', 'b', '3', 'd']);
    expect(says(list(4, 'e', 'f')), 'and two more').toEqual([['a', id, ['e', 'f'], 6]]);
    expect(log().props.lines).toEqual(['3', 'd', 'e', 'f']);
    expect(says(list(8, 'i')), 'a gap').toEqual([
      [id, 'lines', ['i']],
      [id, 'total', 9],
    ]);
    expect(says(['x']), 'another list').toEqual([
      [id, 'lines', ['x']],
      [id, 'total', 1],
    ]);
    expect(says(['y', 'z']), 'another one again').toEqual([
      [id, 'lines', ['y', 'z']],
      [id, 'total', 2],
    ]);
    expect(says([]), 'none').toEqual([
      [id, 'lines', []],
      [id, 'total', 0],
    ]);
    source.value = list(100, ...'abcdefg');
    source.value = list(100, ...'abcdefgh');
    kit.sync();
    expect(log().props).toEqual({ lines: ['e', 'f', 'g', 'h'], max: 4, total: 108 });
    expect(kit.rows, 'nothing is kept of what a signal says').toEqual({});
    expect(kit.again().one('log').props).toEqual(log().props);
  });

  test("a builder's own lines come once, however often it runs", () => {
    const version = signal(0);
    const kit = new Kit(() => ui.region(() => void ui.log({ max: 5 }).push(`version ${version.value}`)));
    for (let round = 1; round < 4; round++) {
      version.value = round;
      kit.sync();
      expect(kit.one('log').props).toEqual({ lines: [`version ${round}`], max: 5, total: 1 });
    }
  });
});

test('the todo page of the design', () => {
  interface Item {
    readonly id: number;
    readonly text: string;
    readonly done: boolean;
  }
  const build = () => {
    const items = ui.state<Item[]>([]);
    const draft = ui.state('');
    ui.input('What next?', { value: draft });
    ui.button('Add', () => {
      items.value = [...items.value, { id: items.value.length, text: draft.value, done: false }];
      draft.value = '';
    });
    ui.label(() => `${items.value.length} items`);
    ui.each(
      items,
      (item) => item.id,
      (item) => ui.checkbox(item.text, { value: item.done }),
    );
  };
  let kit = new Kit(build);
  for (const text of ['Milk', 'Bread']) {
    kit.emit(kit.one('input'), 'value', text);
    kit.emit(kit.one('button'), 'click');
    expect(kit.sync().at(0)).toSatisfy((op) => op !== undefined);
  }
  kit.emit(kit.all('checkbox')[0] as TreeNode, 'value', true);
  kit = kit.again();
  expect(kit.texts()).toEqual(['2 items']);
  expect(kit.one('input').props.value).toBe('');
  expect(kit.all('checkbox').map((node) => [node.props.text, node.props.value])).toEqual([
    ['Milk', true],
    ['Bread', false],
  ]);
});

test('[WS5] a write inside a batch reaches the tree when the batch is over', () => {
  const name = signal('a');
  const kit = new Kit(() => ui.label(name));
  batch(() => {
    name.value = 'b';
    expect(kit.texts()).toEqual(['a']);
  });
  expect(kit.texts()).toEqual(['b']);
});
