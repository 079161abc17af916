export { batch, computed, effect, type ReadonlySignal, Signal, signal, untracked } from '@preact/signals-core';
export { isKeptElsewhere, type KeptElsewhere, type MaybeReactive, read } from './read.ts';
export { State, type StateOwner } from './state.ts';
export { Through } from './through.ts';
