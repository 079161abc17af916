// The command `edgewise`, which authors run in the folder of their application.

import { closestName } from '../rpc/index.ts';
import { type Command, CommandError, runCommand, section } from './command.ts';
import { build } from './commands/build.ts';
import { deploy } from './commands/deploy.ts';
import { dev } from './commands/dev.ts';
import { doctor } from './commands/doctor.ts';
import { kill } from './commands/kill.ts';
import { create } from './commands/new.ts';
import { preview } from './commands/preview.ts';
import { types } from './commands/types.ts';
import { ownVersion } from './own-package.ts';

/** The commands, in the order in which an author meets them. */
export const commands: readonly Command[] = [create, dev, build, preview, deploy, kill, doctor, types];

function help(): string {
  return [
    'Edgewise: pages that never freeze and never forget, on Cloudflare.',
    '',
    '  edgewise COMMAND [options]',
    ...section(commands.map(({ name, about }) => [name, about])),
    '',
    '`edgewise COMMAND --help` shows the options of a command.',
  ].join('\n');
}

/** Runs the command that the arguments name. @throws {CommandError} for a name that is none. */
export async function main([name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const [of] = rest;
    if (name === 'help' && of !== undefined) return main([of, '--help']);
    console.log(help());
    return;
  }
  if (name === '--version' || name === '-v') {
    console.log(ownVersion());
    return;
  }
  const command = commands.find((each) => each.name === name);
  if (command) return runCommand(command, rest);
  const names = commands.map((each) => each.name);
  const guess = closestName(name, names);
  throw new CommandError(
    `edgewise has no command '${name}'.${guess ? ` Did you mean \`edgewise ${guess}\`?` : ''} There are: ${names.join(', ')}.`,
  );
}
