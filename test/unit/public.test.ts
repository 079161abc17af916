import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const top = join(import.meta.dirname, '../..');

/**
 * The names of a door, types marked. Read from its text, because types are gone at run time and some doors bring a
 * browser or a build along.
 */
function names(file: string): string[] {
  const text = readFileSync(join(top, file), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '');
  const found: string[] = [];
  for (const [, all, list = ''] of text.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(',')) {
      const [, type, name] = /^\s*(type )?(?:\w+ as )?(\w+)\s*$/.exec(item) ?? [];
      if (name !== undefined) found.push(all || type ? `${name} (type)` : name);
    }
  }
  for (const [, kind, name] of text.matchAll(
    /^export (?:declare )?(?:async )?(?:abstract )?(const|function\*?|class|interface|type) (\w+)/gm,
  )) {
    found.push(kind === 'interface' || kind === 'type' ? `${name} (type)` : (name as string));
  }
  for (const [, type, name, from = ''] of text.matchAll(/^export (type )?\*(?: as (\w+))? from '([^']+)'/gm)) {
    if (name !== undefined) found.push(name);
    // What is made from the kinds follows them.
    else if (!type || !from.endsWith('.gen.ts'))
      throw new Error(`${file} has an export *; a door says the names it has.`);
  }
  return found.sort((a, b) => a.localeCompare(b, 'en'));
}

test('[AR9] each door has the names it is known for', async () => {
  const { exports: doors } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as {
    exports: Record<string, string>;
  };
  const outside = Object.entries(doors).filter(([, file]) => !file.endsWith('.json'));
  const inside = globSync(['src/*/index.ts', 'client/*/index.ts'], { cwd: top })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !outside.some(([, door]) => door === `./${file}`))
    .sort();
  const sections = [
    ...outside.map(([door, file]) => [`edgewise${door.slice(1)}`, names(file)] as const),
    ...inside.map((file) => [file, names(file)] as const),
  ];
  expect(outside.every(([, file]) => existsSync(join(top, file)))).toBe(true);
  const text = sections.map(([door, list]) => `${door}\n${list.map((name) => `  ${name}\n`).join('')}`).join('\n');
  await expect(text).toMatchFileSnapshot('public.snapshot.txt');
});
