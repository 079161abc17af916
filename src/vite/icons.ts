// Finds the icons that an application names, because the style sheet gets the shapes of those only.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { iconName } from '../elements/icon-names.ts';
import { classesCall } from './sources.ts';

let known: ReadonlySet<string> | undefined;

/** Returns the names of all icons of the set. */
function allIcons(): ReadonlySet<string> {
  if (known) return known;
  const file = createRequire(import.meta.url).resolve('@iconify-json/lucide/icons.json');
  const { icons, aliases = {} } = JSON.parse(readFileSync(file, 'utf8')) as Record<'icons' | 'aliases', object>;
  known = new Set([...Object.keys(icons), ...Object.keys(aliases)]);
  return known;
}

/**
 * Returns the names of icons in the text of a module. Every text that is such a name counts where the module speaks of icons at
 * all, because a name may reach the option `icon` by a variable. Classes and values of options with words of their own do not
 * count.
 */
export function iconsIn(source: string): string[] {
  if (!/icon/i.test(source)) return [];
  const words = /(?<!\b(?:color|group|id|side|style|tick|type|variant): ?)(['"`])([a-z][\w-]*)\1/g;
  const texts = [...source.replace(classesCall, '').matchAll(words)].map(([, , text = '']) =>
    iconName(text.toLowerCase()),
  );
  return [...new Set(texts)].filter((name) => allIcons().has(name));
}

/** Returns the names that a module gives to an icon and that no icon has. The `icon` of an App is an address. */
export function unknownIcons(source: string): string[] {
  const names = [...source.matchAll(/(?:\bicon(?:End)?: ?|\bui\.icon\()'([^'/]+)'/g)].map(([, name = '']) => name);
  return names.filter((name) => !/^[a-z][\w-]*$/.test(name) || !allIcons().has(iconName(name)));
}
