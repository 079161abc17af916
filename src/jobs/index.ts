export { type Claim, type JobMessage, type JobRequest, Jobs, type JobsHost, type Verdict } from './jobs.ts';
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
