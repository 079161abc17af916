import { describe, expect, test } from 'vitest';
import { look } from '../../client/dom/index.ts';
import { ui } from '../../src/elements/index.ts';
import { open } from '../../src/testing/index.ts';

describe('options of the look', () => {
  test.each([
    [{}, 'btn'],
    [{ variant: 'solid', size: 'md' }, 'btn'],
    [{ variant: 'outline', color: 'error', size: 'sm' }, 'btn btn-outline btn-error btn-sm'],
    [{ color: 'positive' }, 'btn btn-success'],
    [{ color: 'negative' }, 'btn btn-error'],
    [{ round: true, icon: 'x' }, 'btn btn-circle'],
    [{ round: true, icon: 'x', text: 'Close' }, 'btn rounded-full'],
    [{ block: true }, 'btn w-full'],
  ] as const)('%j makes the classes %s', (props, classes) => {
    expect(look('btn', props)).toBe(classes);
  });

  test('a signal of an option changes the element, and false leaves no trace on the wire', async () => {
    using user = await open({
      '/': () => {
        const saving = ui.state(false);
        ui.button('Save', () => (saving.value = !saving.value), {
          loading: saving,
          icon: () => (saving.value ? 'close' : 'add'),
        });
      },
    });
    expect(user.find('Save').props).toMatchObject({ icon: 'plus' });
    expect(user.find('Save').props).not.toHaveProperty('loading');
    user.find('Save').click();
    await user.settle();
    expect(user.find('Save').props).toMatchObject({ icon: 'x', loading: true });
  });

  test.each([
    ['delete', 'trash-2'],
    ['thumbs-up', 'thumbs-up'],
    ['arrow_back', 'arrow-left'],
  ])('the icon %s is %s in the icon set', async (given, shown) => {
    using user = await open({ '/': () => ui.button('Do', () => {}, { icon: given }) });
    expect(user.find('Do').props).toMatchObject({ icon: shown });
  });

  test('a text that cannot be the name of an icon throws and is named', async () => {
    await expect(open({ '/': () => ui.button('Do', () => {}, { icon: '"><script>' }) })).rejects.toThrow(
      /An icon has the name/,
    );
  });

  test('a button with only an icon is named by its label', async () => {
    let clicks = 0;
    using user = await open({ '/': () => ui.button('', () => clicks++, { icon: 'delete', label: 'Delete' }) });
    user.find('Delete').click();
    await user.settle();
    expect(clicks).toBe(1);
  });
});
