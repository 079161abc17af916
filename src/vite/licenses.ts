// The licence texts of all packages whose code the browser gets, because the licences require them with every copy.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Packages whose text is in the style sheet. */
const styles = ['tailwindcss', 'daisyui'];

/** Returns the licence texts of the packages in these folders, and of those that the style sheet is made of. */
export function licenses(folders: readonly string[]): string {
  const require = createRequire(import.meta.url);
  const all = new Set([...folders, ...styles.map((name) => path.dirname(require.resolve(`${name}/package.json`)))]);
  const sections = [...all].map(section).sort();
  return [...new Set(sections)].join(`\n${'-'.repeat(80)}\n\n`);
}

function section(folder: string): string {
  const file = path.join(folder, 'package.json');
  const about = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
  const text = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(entry));
  const license = typeof about.license === 'string' ? about.license : 'see below';
  const words = text
    ? readFileSync(path.join(folder, text), 'utf8').trim()
    : 'The package has no file with a licence text.';
  return `${about.name ?? path.basename(folder)} ${about.version ?? ''} (${license})\n\n${words}\n`;
}
