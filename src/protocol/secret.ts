import type { Props } from './frames.ts';

/** Returns true for a two-way prop whose value is a secret now: the session neither stores it nor sends it to a browser. */
export function isSecret(kind: string, prop: string, { type, stored }: Props): boolean {
  return kind === 'input' && prop === 'value' && type === 'password' && !stored;
}
