export { Checkpoint } from './checkpoint.ts';
export { measure } from './cloneable.ts';
export { nearest } from './closest-name.ts';
export type {
  ComputeService,
  Observer,
  Outcome,
  RemoteError,
  Report,
  Running,
  Started,
  TaskCall,
  Thrown,
} from './contract.ts';
export {
  CancelledError,
  capture,
  ExhaustedError,
  InterruptedError,
  outOfTime,
  revive,
  ServiceError,
  TaskError,
  TimeoutError,
  tooLarge,
} from './errors.ts';
export { callService } from './invoke.ts';
export { taskLimits } from './limits.ts';
export { type Added, addedBy } from './new-chunks.ts';
export { isPermanent, permanently } from './permanent.ts';
export { type Ending, failed, thrownBy } from './settled.ts';
export { Stop } from './stop-signal.ts';
