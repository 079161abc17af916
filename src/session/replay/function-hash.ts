import { checksum, type Listener } from '../../tree/index.ts';

const codes = new WeakMap<Listener['author'], number>();

/** A number for the code of a function: the same in another build, unless it was changed, or something in it renamed. */
export function codeOf(author: Listener['author']): number {
  let code = codes.get(author);
  if (code === undefined) codes.set(author, (code = checksum(String(author))));
  return code;
}
