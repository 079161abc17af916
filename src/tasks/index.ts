export { addedBy } from './added.ts';
export { isPermanent } from './attempts.ts';
export { type BackgroundOptions, background } from './background.ts';
export { backoff } from './backoff.ts';
export { callService } from './call.ts';
export { Checkpoint } from './checkpoint.ts';
export type { KeptChunks } from './chunks.ts';
export { cpuBound, retryJob } from './cpu.ts';
export { type Ending, failed, thrownBy } from './ending.ts';
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
export type { ChunkOf, ResultOf, Task, TasksOf } from './handles.ts';
export type { TaskHost } from './host.ts';
export { taskHost } from './host.ts';
export type { JobEnd, JobStatus } from './job.ts';
export { Job, JobControl, latestChunks } from './job.ts';
export { type Before, type Journal, journal, type Step } from './journal.ts';
export { type JobDetails, type JobInfo, type JobKeeper, jobKeeper, type NamedJobs, type NamePolicy } from './keeper.ts';
export { taskLimits } from './limits.ts';
export { measure } from './measure.ts';
export { nearest } from './nearest.ts';
export { checkOptions, oneOf, type RunOptions, runChecks, termsOf, textCheck } from './options.ts';
export type { Run, Runner } from './run.ts';
export { run } from './run.ts';
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
} from './service.ts';
export { Stop } from './stop.ts';
export { told } from './told.ts';
