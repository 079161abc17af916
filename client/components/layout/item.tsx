import type { ComponentChildren } from 'preact';
import { withListeners } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** With a listener of clicks the content is a button. It is no `button` element, because it may hold any elements. */
export function Item({ node, props, own, children }: ElementProps<'item'>): ComponentChildren {
  const clickable = Object.keys(props.on ?? {}).some((event) => event.split('.')[0] === 'click');
  const { disabled, ...inner } = own.inner;
  const button = clickable && {
    role: 'button' as const,
    tabIndex: disabled ? -1 : 0,
    ...(disabled === true && { 'aria-disabled': true }),
  };
  return (
    <div role="listitem" {...own.outer()}>
      <div
        {...withListeners(inner, { onkeydown: pressed })}
        {...button}
        id={`e${node.id}`}
        class={clickable ? 'edgewise-item edgewise-item-button' : 'edgewise-item'}
      >
        {props.text || null}
        {children}
      </div>
    </div>
  );
}

function pressed(event: KeyboardEvent): void {
  const item = event.currentTarget as HTMLElement;
  if (event.target !== item || item.role !== 'button' || (event.key !== 'Enter' && event.key !== ' ')) return;
  event.preventDefault();
  item.click();
}
