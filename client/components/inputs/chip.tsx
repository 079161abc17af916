import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** A chip with two actions is two buttons side by side, because a button must not contain another. */
export function Chip({ node, props, own, replica }: ElementProps<'chip'>): ComponentChildren {
  const { text, clickable, removable, icon: before } = props;
  const inner = [icon(before), text || null];
  return (
    <span {...(clickable ? own.outer(shape(props)) : own.whole(shape(props)))}>
      {clickable ? (
        <button type="button" {...own.inner} class="edgewise-chip-text">
          {inner}
        </button>
      ) : (
        inner
      )}
      {removable && (
        <button
          type="button"
          class="edgewise-chip-remove"
          aria-label={`Remove ${text}`}
          disabled={props.disabled}
          onClick={() => replica.emit(node, 'remove')}
        >
          {icon('x')}
        </button>
      )}
    </span>
  );
}

function shape(props: ElementProps<'chip'>['props']): string {
  // Without a colour it has that of the text, because neutral is too dark for a dark page.
  return `${look('badge', { variant: 'soft', ...props })} rounded-full`;
}
