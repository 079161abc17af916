import type { Json } from '../json.ts';
import { noValue, type Rules, type Traits } from './kind.ts';
import type { Look } from './look.ts';

/** The type of a notification, which sets its colour. */
export type NotificationType = 'info' | 'positive' | 'negative' | 'warning' | 'ongoing';

/** Where in the window a notification stands. */
export type NotificationPosition =
  | 'top-left'
  | 'top'
  | 'top-right'
  | 'left'
  | 'center'
  | 'right'
  | 'bottom-left'
  | 'bottom'
  | 'bottom-right';

/** Elements that show the state of work. */
export interface FeedbackKinds {
  /** `value` is from 0 to 1, or null while the progress is unknown. */
  progress: { readonly value: number | null; readonly label?: boolean } & Pick<Look, 'color'>;
  /** `value` is from 0 to 1, or null while the progress is unknown. */
  circularProgress: { readonly value: number | null; readonly label?: boolean } & Pick<Look, 'color' | 'size'>;
  spinner: { readonly label?: string } & Pick<Look, 'color' | 'size'>;
  /** A grey shape in the place of what is not there yet. `width` and `height` are CSS lengths. */
  skeleton: {
    readonly type: 'text' | 'rect' | 'circle';
    readonly width?: string;
    readonly height?: string;
    readonly still?: boolean;
  };
  /**
   * A message that shows for `timeout` milliseconds (0: until dismissed). Its `done` event then removes it. With `action` it has a
   * button of that name, which sends `action`; `starts` says to the session what that starts. Each of `actions` is a button, which
   * sends `act` with its index.
   */
  notification: {
    readonly text: string;
    readonly type: NotificationType;
    readonly timeout: number;
    readonly action?: string;
    readonly starts?: Json;
    readonly actions?: readonly string[];
    readonly position?: NotificationPosition;
    /** False shows no button that dismisses it, a text names that button. */
    readonly close?: boolean | string;
    readonly spinner?: boolean;
  } & Pick<Look, 'color' | 'icon'>;
}

export const feedbackRules: Rules<FeedbackKinds> = {
  notification: { events: ['done', 'action', 'act'] },
};

export const feedbackTraits: Traits<FeedbackKinds> = {
  progress: {},
  circularProgress: {},
  spinner: {},
  skeleton: {},
  notification: {
    click: () => ['done'],
    texts: ({ text, actions = [] }) => [text, ...actions],
    passing: ['actions'],
    checks: {
      done: noValue,
      action: noValue,
      act: (index, { actions = [] }) =>
        typeof index === 'number' && actions[index] !== undefined ? undefined : 'the value is the index of an action',
    },
  },
};
