import type { Json } from '../json.ts';
import { noValue, type Rules, type Traits } from './kind.ts';

/** The type of a notification, which sets its colour. */
export type NotificationType = 'info' | 'positive' | 'negative' | 'warning' | 'ongoing';

/** Elements that show the state of work. */
export interface FeedbackKinds {
  /** `value` is from 0 to 1, or null while the progress is unknown. */
  progress: { readonly value: number | null; readonly label?: boolean };
  spinner: { readonly size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl'; readonly label?: string };
  /**
   * A message that shows for `timeout` milliseconds (0: until dismissed). Its `done` event then removes it. With `action` it has a
   * button of that name, which sends `action`; `starts` says to the session what that starts.
   */
  notification: {
    readonly text: string;
    readonly type: NotificationType;
    readonly timeout: number;
    readonly action?: string;
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
