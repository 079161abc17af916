import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** The bar, with its value as text unless `label` is false. Without a value it shows activity. */
export function Progress({ props, own }: ElementProps<'progress'>): ComponentChildren {
  const { value, label, color = 'primary' } = props;
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div {...own.outer('edgewise-progress')}>
      <progress
        // Two elements, because a `progress` element cannot lose its value.
        key={percent === undefined ? 'open' : 'known'}
        aria-label="Progress"
        class={look('progress', { color })}
        max="100"
        {...own.inner}
        value={percent}
      />
      {/* There from the start, so that the bar keeps its length when the first value comes. */}
      {label !== false && <span aria-hidden="true">{percent === undefined ? null : `${percent}%`}</span>}
    </div>
  );
}
