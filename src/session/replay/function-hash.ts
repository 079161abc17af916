import { checksum, type Listener } from '../../tree/index.ts';

const hashes = new WeakMap<Listener['author'], number>();

/** A number for the code of a function: the same in another build, unless it was changed, or something in it renamed. */
export function functionHash(author: Listener['author']): number {
  let code = hashes.get(author);
  if (code === undefined) hashes.set(author, (code = checksum(Function.prototype.toString.call(author))));
  return code;
}
