export { batch, effect, type ReadonlySignal, Signal, signal, untracked } from '@preact/signals-core';
export { aside, computed, type PastHooks, tellPastBy } from './past.ts';
export { isKeptElsewhere, type KeptElsewhere, type MaybeReactive, read } from './read.ts';
export { State, type StateOwner } from './state.ts';
export { Through } from './through.ts';
