import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** The browser opens, places and closes the list, also before this code is there. */
export function DropdownButton({ node, own, props, children }: ElementProps<'dropdownButton'>): ComponentChildren {
  const { text, label, icon: before, iconEnd, loading } = props;
  const list = `e${node.id}-l`;
  const close = (event: Event) => (event.currentTarget as HTMLElement).hidePopover();
  return (
    <div {...own.outer('edgewise-dropdown')}>
      <button
        type="button"
        aria-label={label}
        aria-haspopup="true"
        popovertarget={list}
        {...own.inner}
        id={`e${node.id}`}
        class={look('btn', { color: 'primary', ...props })}
      >
        {loading ? <span aria-hidden="true" class="loading loading-spinner" /> : icon(before)}
        {text || null}
        {iconEnd ? icon(iconEnd) : <span aria-hidden="true">▾</span>}
      </button>
      <div popover="auto" id={list} class="edgewise-popup" onClick={close}>
        {children}
      </div>
    </div>
  );
}
