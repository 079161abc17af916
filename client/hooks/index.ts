export type { Attributes, Own } from './attributes.ts';
export { ownAttributes } from './attributes.ts';
export { Listeners } from './listeners.ts';
export { safeAttributes, safeUrl } from './safe.ts';
