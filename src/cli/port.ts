import { CommandError } from './command.ts';

/** Returns the port of the option, or else of the variable PORT. @throws {CommandError} for what is no port. */
export function portOf(given = process.env.PORT): number | undefined {
  if (given === undefined || given === '') return undefined;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CommandError(`A port is a number from 1 to 65535; this is '${given}'.`);
}
