export { type BackgroundOptions, background } from './background.ts';
export type { StoredChunkSource } from './chunks.ts';
export { cpuBound, retryJob } from './cpu-bound.ts';
export { checkEventName, eventChannel } from './event.ts';
export type { TaskHost } from './host.ts';
export { taskHost } from './host.ts';
export type { JobEnd, JobStatus } from './job.ts';
export { Job, JobControl, latestChunks, recentChunksOf } from './job.ts';
export {
  type JobDetails,
  type JobInfo,
  type JobRegistry,
  jobRegistry,
  type NamedJobs,
  type NamePolicy,
} from './job-registry.ts';
export {
  type Before,
  type Expected,
  HandlerSuperseded,
  type Journal,
  journal,
  type Step,
  type StepType,
  unjournaled,
  type WaitType,
} from './journal.ts';
export { checkOptions, oneOf, type RunOptions, runChecks, shown, termsOf, textCheck } from './options.ts';
export { type RecentChunks, recentChunks } from './recent-chunks.ts';
export { recorded } from './recorded-signal.ts';
export type { RunApi, Runner } from './run.ts';
export { run } from './run.ts';
export type { ChunkOf, ResultOf, Task, TasksOf } from './task.ts';
export { checkWait, type Source, type WaitOptions, waitFor } from './wait.ts';
