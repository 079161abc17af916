import { shown } from '../tasks/index.ts';

/**
 * Checks what an author gave as the function that makes elements.
 *
 * @param what takes the function, as in `ui.row`.
 * @throws {TypeError} for anything else, such as the children of other frameworks: an element, or a list of elements.
 */
export function checkBuild(what: string, build: unknown): void {
  if (typeof build === 'function') return;
  throw new TypeError(
    `${what} takes a function that makes what is inside, as in ui.row(() => ui.label('One')); it was given ${shown(build)}.`,
  );
}
