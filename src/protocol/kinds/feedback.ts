import type { Json } from '../json.ts';
import { noValue, type Rules, type Traits } from './kind.ts';

/** How a notification looks. */
export type NotificationType = 'info' | 'positive' | 'negative' | 'warning' | 'ongoing';

/** What says how things stand. */
export interface FeedbackKinds {
  /** `value` from 0 to 1; null while the end is not known. */
  progress: { readonly value: number | null; readonly label?: boolean };
  spinner: { readonly size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl'; readonly label?: string };
  /**
   * A message that shows for `timeout` milliseconds (0: until dismissed) and is then removed by its `done` event. With `action` it has a
   * button of that name, which sends `action`.
   */
  notification: {
    readonly text: string;
    readonly type: NotificationType;
    readonly timeout: number;
    readonly action?: string;
    /** What the action starts: no business of the browser. */
    readonly starts?: Json;
  };
}

export const feedbackRules: Rules<FeedbackKinds> = {
  notification: { events: ['done', 'action'] },
};

export const feedbackTraits: Traits<FeedbackKinds> = {
  progress: { core: true },
  spinner: { core: true },
  notification: { click: () => ['done'], checks: { done: noValue, action: noValue } },
};
