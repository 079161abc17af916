export { batch, effect, type ReadonlySignal, Signal, signal, untracked } from '@preact/signals-core';
export { isKeptElsewhere, type KeptElsewhere, type MaybeReactive, read } from './read.ts';
export { aside, computed, type PastHooks, tellPastBy } from './replay-hooks.ts';
export { State, type StateOwner } from './state.ts';
export { Through } from './uncached.ts';
