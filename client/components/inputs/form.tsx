import type { ComponentChildren } from 'preact';
import { isComposing, withListeners } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** A native form that sends nothing itself: `method="dialog"` holds until this code is there. */
export function Form({ node, own, replica, children }: ElementProps<'form'>): ComponentChildren {
  const { class: classes, ...rest } = own.whole('edgewise-column');
  const listeners = {
    onsubmit: (event: Event) => {
      event.preventDefault();
      replica.emit(node, 'submit');
    },
    // In Safari the Enter that ends a composition would submit the form.
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' && isComposing(event)) event.preventDefault();
    },
  };
  return (
    <form method="dialog" novalidate {...withListeners(rest, listeners)} class={classes as string}>
      {children}
    </form>
  );
}
