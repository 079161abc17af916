import { checksum, type Listener } from '../../tree/index.ts';

const hashes = new WeakMap<Listener['author'], number>();

/** Returns a hash of a function's code. It survives a new build, unless the code or a name in it changed. */
export function functionHash(author: Listener['author']): number {
  let code = hashes.get(author);
  if (code === undefined) hashes.set(author, (code = checksum(Function.prototype.toString.call(author))));
  return code;
}
