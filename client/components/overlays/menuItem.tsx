import type { ComponentChildren } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** It has no place in the order of Tab, because the arrow keys of the menu reach it. */
export function MenuItem({ node, props, own, children }: ElementProps<'menuItem'>): ComponentChildren {
  const { text, icon: before, stays } = props;
  const opens = node.children.some(({ kind }) => kind === 'menu');
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      data-stays={stays ? '' : undefined}
      {...own.inner}
      {...own.outer('edgewise-option edgewise-menu-item')}
    >
      {icon(before)}
      {text || null}
      {children}
      {opens && icon('chevron-right')}
    </button>
  );
}
