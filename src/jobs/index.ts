export type { Claim, Fault, JobConsumerApi, JobMessage, JobRequest, JobsHost, Verdict } from './api.ts';
export { infoOf } from './info.ts';
export { Jobs } from './jobs.ts';
export { jobLimits } from './limits.ts';
export {
  type CancelledBy,
  type EndState,
  isOpen,
  type JobRecord,
  type JobState,
  type Lane,
  nameInPage,
  plainName,
} from './record.ts';
export { jobsDue } from './schedule.ts';
