import { materialIcons } from './material-icons.ts';

export { materialIcons };

const lucideNames = new Map(
  materialIcons.split(/\s+/).flatMap((names) => {
    const [lucide = '', ...material] = names.split(',');
    return material.map((name) => [name, lucide] as const);
  }),
);

/**
 * Returns the name of an icon in the icon set, which is Lucide. Names of Material icons, as NiceGUI uses them, are translated.
 * Where both sets have a name with different meanings, such as `delete`, the Material one wins.
 *
 * @throws {TypeError} for a text that cannot be the name of an icon.
 */
export function iconName(name: string): string {
  const lucide = lucideNames.get(name) ?? name.replaceAll('_', '-');
  if (/^[a-z][a-z0-9-]*$/.test(lucide)) return lucide;
  throw new TypeError(
    `An icon has the name ${JSON.stringify(name)}. Use a name of Lucide, such as 'trash-2', or of Material, such as 'delete'.`,
  );
}
