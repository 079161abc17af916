export { batch, type ReadonlySignal, Signal, signal, untracked } from '@preact/signals-core';
export { isStoredElsewhere, type MaybeReactive, read, type StoredElsewhere } from './read.ts';
export {
  computed,
  effect,
  isOwnRead,
  isReadOnce,
  isUnrecorded,
  notReadingOnce,
  type ReplayHooks,
  readingOnce,
  setReplayHooks,
  unrecorded,
  unrecordedInto,
} from './replay-hooks.ts';
export { State, type StateOwner } from './state.ts';
export { UncachedComputed } from './uncached.ts';
