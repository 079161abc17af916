export { Checkpoint } from './checkpoint.ts';
export { checkCloneable } from './cloneable.ts';
export { closestName } from './closest-name.ts';
export { computeStub } from './compute-stub.ts';
export type * from './contract.ts';
export { isProxy, readable } from './describe.ts';
export { capture, revive } from './error-data.ts';
export {
  abortReason,
  CancelledError,
  ExhaustedError,
  InterruptedError,
  outOfTime,
  ServiceError,
  TaskError,
  TimeoutError,
  tooLarge,
} from './errors.ts';
export { callService } from './invoke.ts';
export { taskLimits } from './limits.ts';
export { type NewChunks, newChunksIn } from './new-chunks.ts';
export { checkResidency, type ObjectBindings, objectStub, type Residency } from './object-stub.ts';
export { isPermanent, permanently } from './permanent.ts';
export { type SettledResult, toError, toRejected } from './settled.ts';
export { offStop, onStop, type Stopper, StopSignal } from './stop-signal.ts';
