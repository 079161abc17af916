import type { ComponentChildren } from 'preact';
import { MomentControl } from '../moment.tsx';

export class Time extends MomentControl<'time'> {
  override render(): ComponentChildren {
    return this.moment('time', this.props.props.step);
  }
}
