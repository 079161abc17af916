import type { ComponentChildren } from 'preact';
import { TickBox } from '../tick-box.tsx';

export class Switch extends TickBox<'switch'> {
  override render(): ComponentChildren {
    return this.box('toggle', 'switch');
  }
}
