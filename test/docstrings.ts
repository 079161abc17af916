// What a docstring of the public API must say beyond its sentence: the default or the meaning of absence, the unit of a number,
// and what throws. Reads the model of the API report, and the sources for what a body throws.

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import type { ApiMember } from './api.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Words that say what absence means. */
const absence = /@default|\b(absent|without|undefined)\b/i;

/** Words that name a unit, a count or a range. */
const unit =
  /\b(milliseconds|seconds|minutes|hours|days|bytes|characters|pixels|lines|rows|number of|how many|counts?|index|seed|from 0 to 1|from 1|chunks|unit of the value)\b/i;

/** Returns the optional members whose docstring names neither `@default` nor what absence means. */
export function withoutDefault(members: readonly ApiMember[]): string[] {
  return members.filter(({ optional, doc }) => optional && !absence.test(doc)).map(({ name }) => name);
}

/** Returns the members with a number or a duration, as their value or a parameter, whose docstring names no unit. */
export function withoutUnit(members: readonly ApiMember[]): string[] {
  const measured = (type: string) => /^(?:number|Duration)\b(?!\s*=>)/.test(type);
  return members
    .filter(({ name, doc, types }) => types.some(measured) && !unit.test(doc) && !name.endsWith('.constructor'))
    .map(({ name }) => name);
}

/** Returns the functions and methods that throw, by themselves or by a private method, and whose docstring has no `@throws`. */
export function withoutThrows(members: readonly ApiMember[]): string[] {
  const silent = new Set(members.filter(({ doc }) => !doc.includes('@throws')).map(({ name }) => name));
  const found: string[] = [];
  for (const file of globSync(['src/**/*.ts', 'client/**/*.{ts,tsx}'], { cwd: root })) {
    if (file.endsWith('.d.ts')) continue;
    const { program } = parseSync(file, readFileSync(path.join(root, file), 'utf8'));
    const report = (name: string) => {
      if (silent.has(name)) found.push(`${name} (${file})`);
    };
    new Visitor({
      ExportNamedDeclaration({ declaration }) {
        if (declaration?.type !== 'FunctionDeclaration') return;
        if (throwing(declaration.body, new Map())) report(declaration.id?.name ?? '');
      },
      ClassDeclaration({ id, body }) {
        const methods = body.body.flatMap((member) => (member.type === 'MethodDefinition' ? [member] : []));
        const internal = new Map<string, unknown>();
        for (const { key, value } of methods) if (key.type === 'PrivateIdentifier') internal.set(key.name, value.body);
        // An author makes an element by its function of `ui`, which says what throws.
        for (const { key, value } of methods)
          if (key.type === 'Identifier' && key.name !== 'constructor' && throwing(value.body, internal))
            report(`${id?.name}.${key.name}`);
      },
    }).visit(program);
  }
  return found;
}

/**
 * Returns true when the code throws: not in a function inside it, and not to its own `catch`.
 *
 * @param internal the bodies of the private methods that it may call.
 */
function throwing(code: unknown, internal: ReadonlyMap<string, unknown>): boolean {
  if (typeof code !== 'object' || code === null) return false;
  if (Array.isArray(code)) return code.some((part) => throwing(part, internal));
  const { type = '', name = '', operator } = code as Readonly<Record<string, string>>;
  if (type === 'ThrowStatement') return true;
  if (/Function|Class/.test(type) || operator === 'void') return false;
  if (type === 'PrivateIdentifier') {
    const others = new Map([...internal].filter(([other]) => other !== name));
    return throwing(internal.get(name), others);
  }
  if (type === 'TryStatement') {
    const { block, handler, finalizer } = code as Readonly<Record<string, unknown>>;
    return throwing([handler, finalizer, ...(handler ? [] : [block])], internal);
  }
  return Object.values(code).some((part) => throwing(part, internal));
}
