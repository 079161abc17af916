// What a command of `edgewise` is, how its arguments are read, and its help.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { closestName } from '../rpc/index.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** What the option does, without a full stop. */
  readonly about: string;
  /** What stands for its value in the help: `PORT`. */
  readonly value?: string;
  readonly short?: string;
}

export interface Operand {
  /** What stands for it in the help: `FOLDER`. */
  readonly name: string;
  /** What it is, without a full stop. */
  readonly about: string;
  readonly required?: boolean;
}

type Values<O extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof O]?: O[Name]['type'] extends 'boolean' ? boolean : string;
};

export interface Command {
  readonly name: string;
  /** What the command does, in one line without a full stop. */
  readonly about: string;
  /** Further sentences of its help. */
  readonly details?: readonly string[];
  readonly operands: readonly Operand[];
  readonly options: Readonly<Record<string, Option>>;
  run(values: Readonly<Record<string, string | boolean>>, operands: readonly string[]): Promise<void> | void;
}

/** Returns a command whose `run` receives its options by their types. */
export function command<const O extends Readonly<Record<string, Option>>>(given: {
  readonly name: string;
  readonly about: string;
  readonly details?: readonly string[];
  readonly operands?: readonly Operand[];
  readonly options?: O;
  run(values: Values<O>, operands: readonly string[]): Promise<void> | void;
}): Command {
  return { operands: [], options: {}, ...given } as Command;
}

/** A mistake of the person at the terminal, or something that only that person can mend. Printed without a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Reads the arguments of a command and runs it. @throws {CommandError} for an argument that it does not have. */
export async function runCommand(command: Command, args: readonly string[]): Promise<void> {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { type, short }] of Object.entries(command.options))
    options[name] = { type, ...(short && { short }) };
  const { values, positionals } = read(command, options, args);
  if (values.help) {
    console.log(helpOf(command));
    return;
  }
  const { operands } = command;
  if (positionals.length > operands.length) {
    const extra = positionals[operands.length];
    throw new CommandError(`edgewise ${command.name} has no use for '${extra}'. ${seeHelp(command)}`);
  }
  const missing = operands[positionals.length];
  if (missing?.required) throw new CommandError(`edgewise ${command.name} needs ${missing.name}: ${missing.about}.`);
  await command.run(values as Record<string, string | boolean>, positionals);
}

function read(command: Command, options: ParseArgsOptionsConfig, args: readonly string[]) {
  const known = Object.keys(options).map((name) => `--${name}`);
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const guess = closestName(token.rawName, known);
    throw new CommandError(
      `edgewise ${command.name} has no option ${token.rawName}.${guess ? ` Did you mean ${guess}?` : ''} ${seeHelp(command)}`,
    );
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // The message of Node names the option and what is wrong with its value.
    throw new CommandError(`${(error as Error).message.split('\n')[0]} ${seeHelp(command)}`);
  }
}

function seeHelp({ name }: Command): string {
  return `\`edgewise ${name} --help\` shows what there is.`;
}

/** Returns the help of one command. */
function helpOf({ name, about, details = [], operands, options }: Command): string {
  const usage = ['edgewise', name, ...operands.map((each) => (each.required ? each.name : `[${each.name}]`))];
  const flags = Object.entries(options).map(([flag, { value, short, about }]) => [
    `${short ? `-${short}, ` : ''}--${flag}${value ? ` ${value}` : ''}`,
    about,
  ]);
  return [
    `${about}.`,
    '',
    `  ${usage.join(' ')} [options]`,
    ...section(operands.map((each) => [each.name, each.about])),
    ...section([...flags, ['-h, --help', 'show this']]),
    ...(details.length > 0 ? ['', ...details] : []),
  ].join('\n');
}

/** Returns lines in two columns, after an empty one. */
export function section(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map(([left = '']) => left.length));
  return rows.length === 0 ? [] : ['', ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`)];
}
