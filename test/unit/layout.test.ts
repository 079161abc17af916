import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { Kind } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

function html(kind: Kind, props: object): string {
  return renderTree([1, 'root', {}, [[2, kind, props as Record<string, never>, [[3, 'label', { text: 'inside' }]]]]]);
}

describe('a grid', () => {
  test.each([
    [{ columns: 3 }, '--columns-base:repeat(3,minmax(0,1fr))'],
    [{ columns: 'auto 1fr' }, '--columns-base:auto 1fr'],
    [{ rows: 2, style: 'gap:0' }, '--rows:repeat(2,minmax(0,1fr));gap:0'],
    [{}, undefined],
  ])('of %j has the style %j, which classes of an author win over', (props, style) => {
    const shown = /<div data-id="2"[^>]*>/.exec(html('grid', props))?.[0];
    expect(/style="([^"]*)"/.exec(shown ?? '')?.[1]).toBe(style);
    expect(shown).not.toContain('grid-template');
  });

  test.each([
    [{}, [1, 1, 1, 1, 1]],
    [{ sm: 2 }, [1, 2, 2, 2, 2]],
    [{ base: 1, sm: 2, lg: 4 }, [1, 2, 2, 4, 4]],
    [{ base: 'auto 1fr', xl: 3 }, ['auto 1fr', 'auto 1fr', 'auto 1fr', 'auto 1fr', 3]],
  ])('with the columns %j gives a step without columns those of the step before it', async (columns, all) => {
    using user = await open({ '/': () => ui.grid(() => ui.label('inside'), { columns }) });
    expect(user.find({ kind: 'grid' }).props.columns).toEqual(all);
  });

  test.each([0, -1, 1.5, Number.NaN])('of %d columns is refused', async (columns) => {
    await expect(open({ '/': () => ui.grid(undefined, { columns }) })).rejects.toThrow(/whole number from 1 on/);
  });
});

describe('an expansion', () => {
  const page = () => {
    const shown = ui.state(false);
    ui.expansion('Delivery', () => ui.label('Within two days'), {
      value: shown,
      group: 'help',
      icon: 'local_shipping',
    });
    ui.label(() => `open: ${shown.value}`);
    ui.button('Close', () => (shown.value = false));
  };

  test('that the user opened stays open after a kill, and its signal knows', async () => {
    using user = await open({ '/': page });
    expect(user.sees('Within two days')).toBe(false);
    user.find({ kind: 'expansion' }).click();
    await user.shouldSee('open: true');
    user.server.kill();
    await user.settle();
    expect(user.sees('Within two days')).toBe(true);
    user.find('Close').click();
    await user.shouldNotSee('Within two days');
  });

  test.each([['yes'], [1], [null], [{}]])('refuses %j from a browser', async (value) => {
    using user = await open({ '/': page });
    user.find({ kind: 'expansion' }).emit('value', value);
    await user.settle();
    expect(user.find({ kind: 'expansion' }).props.value).toBe(false);
  });

  test('is a details element of its group that needs no code to open', () => {
    const closed = html('expansion', { text: 'Delivery', value: false, group: 'help', icon: 'truck' });
    expect(closed).toMatch(/<details [^>]*name="help"[^>]*><summary>.*lucide--truck.*Delivery.*<\/summary>.*inside/);
    expect(closed).not.toMatch(/<details[^>]* open/);
    expect(html('expansion', { text: 'Delivery', value: true })).toMatch(/<details[^>]* open/);
  });

  test('follows a signal as its text', async () => {
    using user = await open({
      '/': () => {
        const mails = ui.state(1);
        ui.expansion(
          () => `${mails.value} mails`,
          () => ui.label('first'),
        );
        ui.button('More', () => mails.value++);
      },
    });
    user.find('More').click();
    await user.shouldSee('2 mails');
  });
});

describe('tabs', () => {
  const nothing = () => {};

  test.each([
    [
      'pairs',
      [
        ['2', nothing],
        ['1', nothing],
      ],
      ['2', '1'],
    ],
    [
      'a Map',
      new Map([
        ['2', nothing],
        ['1', nothing],
      ]),
      ['2', '1'],
    ],
    ['an object', { B: nothing, A: nothing }, ['B', 'A']],
    [
      'panels',
      [
        { text: 'Home', value: 'h', build: nothing },
        { text: 'About', build: nothing },
      ],
      ['h', 'About'],
    ],
  ] as const)('of %s have the order that the author gave', async (_, panels, values) => {
    using user = await open({ '/': () => ui.tabs(panels as never) });
    const { tabs, value } = user.find({ kind: 'tabs' }).props as { tabs: { value: string }[]; value: string };
    expect([tabs.map((tab) => tab.value), value]).toEqual([values, values[0]]);
  });

  test('with the same value twice are refused', async () => {
    const panels = [
      ['A', nothing],
      ['A', nothing],
    ] as const;
    await expect(open({ '/': () => ui.tabs(panels) })).rejects.toThrow(/Two panels of ui.tabs have the value "A"/);
  });

  test('bound to a signal show its panel, and it survives a kill with the choice of the user', async () => {
    using user = await open({
      '/': () => {
        const at = ui.state('b');
        ui.tabs(
          [
            { text: 'First', value: 'a', icon: 'home', build: () => ui.label('one') },
            { text: 'Second', value: 'b', build: () => ui.label('two') },
          ],
          { value: at, vertical: true },
        );
        ui.label(() => `at ${at.value}`);
      },
    });
    expect([user.sees('one'), user.sees('two')]).toEqual([false, true]);
    user.find({ kind: 'tabs' }).emit('value', 'a');
    await user.shouldSee('at a');
    user.server.kill();
    await user.settle();
    expect([user.sees('one'), user.sees('two')]).toEqual([true, false]);
  });

  test('that are vertical say so, and show icons', () => {
    const tabs = [{ value: 'a', text: 'A', icon: 'house' }];
    expect(html('tabs', { value: 'a', tabs, vertical: true })).toMatch(/aria-orientation="vertical".*lucide--house/);
    expect(html('tabs', { value: 'a', tabs })).not.toContain('aria-orientation');
  });
});

describe('a list', () => {
  test('has items that a click reaches, with and without elements inside', async () => {
    using user = await open({
      '/': () => {
        const last = ui.state('');
        ui.itemList(() => {
          ui.item('Sign out', () => (last.value = 'out'));
          ui.item(
            () => {
              ui.itemSection(() => ui.itemLabel('Alice'));
              ui.itemSection(() => ui.icon('person'), { side: 'end' });
            },
            () => (last.value = 'Alice'),
          );
        });
        ui.label(() => `last: ${last.value}`);
      },
    });
    user.find({ kind: 'item', text: 'Sign out' }).click();
    await user.shouldSee('last: out');
    user.find({ kind: 'item' }).all[1]?.click();
    await user.shouldSee('last: Alice');
  });

  test('has items that are buttons only where a click does something', () => {
    expect(html('item', { text: 'Alice', on: { click: 1 } })).toMatch(/role="listitem".*role="button" tabindex="0"/);
    expect(html('item', { text: 'Alice' })).not.toContain('role="button"');
    expect(html('item', { text: 'Alice', on: { click: 1 }, disabled: true })).toContain('aria-disabled="true"');
  });
});

describe('a scroll area', () => {
  test('tells where it is scrolled to, in pixels and as a share of the way', async () => {
    using user = await open({
      '/': () => {
        const at = ui.state('');
        ui.scrollArea(() => ui.label('inside'), { onScroll: (position) => (at.value = JSON.stringify(position)) });
        ui.label(() => at.value);
      },
    });
    user.find({ kind: 'scrollArea' }).emit('scroll', [150, 400, 100, 0, 300, 300]);
    await user.settle();
    expect(JSON.parse(user.find({ kind: 'label' }).all.at(-1)?.text ?? '')).toEqual({
      verticalPosition: 150,
      verticalPercentage: 0.5,
      verticalSize: 400,
      verticalContainerSize: 100,
      horizontalPosition: 0,
      horizontalPercentage: 0,
      horizontalSize: 300,
      horizontalContainerSize: 300,
    });
  });

  test.each([[[1, 2, 3]], [[1, 2, 3, 4, 5, '6']], [null], [7], [[1, 2, 3, 4, 5, null]]])(
    'refuses the position %j',
    async (value) => {
      let heard = 0;
      using user = await open({ '/': () => ui.scrollArea(() => ui.label('inside'), { onScroll: () => heard++ }) });
      user.find({ kind: 'scrollArea' }).emit('scroll', value);
      await user.settle();
      expect(heard).toBe(0);
    },
  );

  test('scrolls to a number of pixels or a share of the way, not to both or neither', async () => {
    using user = await open({
      '/': () => {
        const area = ui.scrollArea();
        for (const to of [{}, { pixels: 1, percent: 1 }])
          expect(() => area.scrollTo(to)).toThrow(/either pixels or percent/);
        area.scrollTo({ percent: 1 });
      },
    });
    expect(user.server.errors).toEqual([]);
  });

  test('without anybody who listens sends nothing', () => {
    expect(html('scrollArea', {})).toMatch(/tabindex="0"/i);
    expect(html('scrollArea', { label: 'Chapters' })).toMatch(/role="region" aria-label="Chapters"/);
  });
});

describe('a splitter', () => {
  const page = () => {
    const size = ui.state(40);
    ui.splitter(
      () => ui.label('before'),
      () => ui.label('after'),
      { value: size, limits: [20, 80] },
    );
    ui.label(() => `size ${size.value}`);
  };

  test('tells its signal the size, which survives a kill', async () => {
    using user = await open({ '/': page });
    user.find({ kind: 'splitter' }).emit('value', 62.5);
    await user.shouldSee('size 62.5');
    user.server.kill();
    await user.settle();
    expect(user.find({ kind: 'splitter' }).value).toBe(62.5);
  });

  test.each([[19], [81], ['50'], [null], [[50]]])('refuses the size %j', async (value) => {
    using user = await open({ '/': page });
    user.find({ kind: 'splitter' }).emit('value', value);
    await user.settle();
    expect(user.find({ kind: 'splitter' }).value).toBe(40);
  });

  test.each([[[80, 20]], [[-1, 50]], [[0, 101]], [[Number.NaN, 50]]] as const)(
    'refuses the limits %j',
    async (limits) => {
      const nothing = () => {};
      await expect(open({ '/': () => ui.splitter(nothing, nothing, { limits }) })).rejects.toThrow(/from 0 to 100/);
    },
  );

  test('has a separator with a value, which the keyboard reaches', () => {
    expect(html('splitter', { value: 40, min: 20, max: 80, name: 'Size' })).toMatch(
      /role="separator" tabindex="0" aria-label="Size" aria-orientation="vertical" aria-controls="e2-b" aria-valuenow="40" aria-valuemin="20" aria-valuemax="80"/i,
    );
  });
});

describe('a stepper', () => {
  const page = (navigable: boolean) => () => {
    const stepper = ui.stepper(
      {
        Address: () => {
          ui.button('Next', () => stepper.next());
        },
        Payment: () => {
          ui.button('Back', () => stepper.previous());
        },
      },
      { navigable },
    );
  };

  test('goes on and back by its buttons, not beyond its ends, and stays where it is over a kill', async () => {
    using user = await open({ '/': page(false) });
    expect(user.sees('Back')).toBe(false);
    user.find('Next').click();
    await user.shouldSee('Back');
    user.server.kill();
    await user.settle();
    expect([user.sees('Next'), user.sees('Back')]).toEqual([false, true]);
    user.find('Back').click();
    await user.shouldSee('Next');
  });

  test.each([
    [false, 'Payment', 'Address'],
    [true, 'Payment', 'Payment'],
    [true, 'Elsewhere', 'Address'],
    [true, null, 'Address'],
    [true, 1, 'Address'],
  ])('that is navigable (%j) and hears of %j is at %j', async (navigable, sent, at) => {
    using user = await open({ '/': page(navigable) });
    user.find({ kind: 'stepper' }).emit('value', sent);
    await user.settle();
    expect(user.find({ kind: 'stepper' }).value).toBe(at);
  });

  test('marks the present step, and has buttons only where they do something', () => {
    const steps = [
      { value: 'a', text: 'Address' },
      { value: 'b', text: 'Payment' },
    ];
    const shown = html('stepper', { value: 'b', steps });
    expect(shown).toMatch(/data-content="✓">Address<\/li><li class="step step-primary" aria-current="step">Payment/);
    expect(shown).not.toContain('<button');
    expect(html('stepper', { value: 'b', steps, navigable: true })).toContain('<button');
  });
});

describe('a carousel', () => {
  const page = () => {
    const at = ui.state(0);
    const carousel = ui.carousel([() => ui.label('lake'), () => ui.label('forest'), () => ui.label('desert')], {
      value: at,
    });
    ui.button('Next', () => carousel.next());
    ui.button('Previous', () => carousel.previous());
    ui.label(() => `at ${at.value}`);
  };

  test('goes round by its methods, and stays at its slide over a kill', async () => {
    using user = await open({ '/': page });
    user.find('Previous').click();
    await user.shouldSee('at 2');
    user.server.kill();
    await user.settle();
    expect([user.sees('lake'), user.sees('desert')]).toEqual([false, true]);
    user.find('Next').click();
    await user.shouldSee('at 0');
  });

  test.each([[3], [-1], [0.5], ['1'], [null]])('refuses the slide %j', async (value) => {
    using user = await open({ '/': page });
    user.find({ kind: 'carousel' }).emit('value', value);
    await user.settle();
    expect(user.find({ kind: 'carousel' }).value).toBe(0);
  });

  test('without slides is refused', async () => {
    await expect(open({ '/': () => ui.carousel([]) })).rejects.toThrow(/at least one slide/);
  });

  test('names its slides and what is not seen takes no focus', () => {
    const shown = html('carousel', { value: 0, slides: 1, name: 'Places' });
    expect(shown).toMatch(/<section aria-roledescription="carousel" aria-label="Places"/);
    expect(shown).toMatch(/aria-roledescription="slide" aria-label="1 of 1"/);
    expect(shown).not.toContain('Next slide');
  });
});

describe('a skeleton', () => {
  test.each([
    [{ type: 'rect' }, 'width:100%;height:4rem;max-width:100%;'],
    [{ type: 'text', width: '10rem' }, 'width:10rem;height:1lh;max-width:100%;'],
    [{ type: 'circle' }, 'width:3rem;height:3rem;max-width:100%;'],
    [{ type: 'circle', width: '5rem' }, 'width:5rem;height:5rem;max-width:100%;'],
  ])('of %j has the size %j, and is nothing for assistive technology', (props, style) => {
    expect(html('skeleton', props)).toMatch(/<div aria-hidden="true" data-id="2" class="skeleton/);
    expect(html('skeleton', props)).toContain(`style="${style}"`);
  });
});

describe('a link target', () => {
  test('has its name as the id, so that a link leads to it before any code is there', () => {
    expect(html('linkTarget', { name: 'prices' })).toMatch(/<div [^>]*id="prices">.*inside/);
  });

  test.each(['', 'two words', '1st', 'e5', 'edgewise-main', '"><b>'])('refuses the name %j', async (name) => {
    await expect(open({ '/': () => ui.linkTarget(name) })).rejects.toThrow(/ui\.linkTarget was given the name/);
  });
});
