import type { StepType } from '../../tasks/index.ts';
import type { RecordedCall } from './run-log.ts';

/** Returns how a call differs from the recorded one; undefined when it does not. */
export function difference(
  then: Pick<RecordedCall, 'type' | 'name' | 'args' | 'code'>,
  now: typeof then,
): string | undefined {
  if (then.type !== now.type || then.name !== now.name) return `is now ${describeCall(now)}`;
  const differ = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  if (differ(then.code, now.code)) return 'now runs other code';
  return differ(then.args, now.args) ? 'now has other arguments' : undefined;
}

const methods: Readonly<Record<StepType, string>> = {
  cpu: 'run.cpuBound',
  io: 'run.ioBound',
  sleep: 'run.sleep',
  event: 'run.event',
  dialog: 'dialog.result',
  clicked: 'button.clicked',
  call: 'page.call',
  confirm: 'ui.confirm',
  prompt: 'ui.prompt',
  now: 'ui.now',
  random: 'ui.random',
};

/** Returns a call as its author wrote it, for messages. */
export function describeCall({ type, name }: { readonly type: StepType; readonly name: string }): string {
  return `${methods[type]}(${name})`;
}
