import { type Clock, systemTiming } from './clock.ts';
import { newId } from './ids.ts';

/** The clock of the machine. */
export const systemClock: Clock = { ...systemTiming, newId };
