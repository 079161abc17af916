// The packages that the application brings for its build. Only the commands that need one load it.

import { CommandError } from './command.ts';

/** Loads Vite. @throws {CommandError} where the application has not installed it. */
export async function vite(): Promise<typeof import('vite')> {
  try {
    return await import('vite');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CommandError(
      'Vite is not installed here. Run `npm install`, then `edgewise doctor` if it says this again.',
    );
  }
}
