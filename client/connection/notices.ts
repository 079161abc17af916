import { upFrame } from '../../src/protocol/index.ts';

/** What a person reads when an action was refused or lost, by the reason. */
export const notices = {
  full: 'Too many actions are waiting for the server. This one was not saved. Please try again later.',
  long: `This is too long to be sent. The limit is ${upFrame} characters.`,
  restarted: 'This page was restarted. Your last actions were not saved.',
} as const;

/** Why an action was refused or lost. */
export type Notice = keyof typeof notices;
