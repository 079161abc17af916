import { ruleOf, traitsOf } from '../protocol/index.ts';

/** One kind as its family's file declares it. */
interface Entry {
  readonly kind: string;
  readonly props: string;
  readonly about: string;
}

/**
 * Returns the wire's kinds as a table in Markdown, for authors of other clients.
 *
 * @param sources the texts of the families' files, by the name of the family.
 */
export function kindsTable(sources: Readonly<Record<string, string>>): string {
  const lines = [
    '# The kinds of the wire',
    '',
    'Written by `src/cli/generate.ts` from `src/protocol/kinds`. Props that every kind has stand in `src/protocol/README.md`.',
  ];
  for (const [family, source] of Object.entries(sources)) {
    lines.push(
      '',
      `## ${family}`,
      '',
      '| kind | own props | sends of itself | comes | |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const { kind, props, about } of entriesOf(source)) {
      const rule = ruleOf(kind);
      const sends = [...(rule.writes ?? []), ...(rule.events ?? [])].map((event) => `\`${event}\``);
      const comes = traitsOf(kind).core ? 'with the page' : 'on first use';
      const cells = [`\`${kind}\``, props === 'object' ? '' : `\`${props}\``, sends.join(' '), comes, about];
      lines.push(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Reads the interface of a family line by line, because the formatter begins and ends each kind at two spaces. */
function entriesOf(source: string): Entry[] {
  const [, body = ''] = /^export interface \w+Kinds \{\n([\s\S]*?)^\}/m.exec(source) ?? [];
  const entries: Entry[] = [];
  let about: string[] = [];
  let open: string[] | undefined;
  for (const line of body.split('\n')) {
    if (!open && /^ {2}(\/\*\*| \*)/.test(line))
      about.push(line.replace(/^ {2}(\/\*\*| \*\/?) ?/, '').replace(/ ?\*\/$/, ''));
    else if (open || /^ {2}\w+: /.test(line)) {
      open = [...(open ?? []), line.trim()];
      if (!/^ {2}\S.*;$/.test(line)) continue;
      const [, kind = '', props = ''] = /^(\w+): (.*);$/.exec(open.join(' ').replaceAll('readonly ', '')) ?? [];
      entries.push({ kind, props, about: about.join(' ').trim() });
      open = undefined;
      about = [];
    }
  }
  return entries;
}
