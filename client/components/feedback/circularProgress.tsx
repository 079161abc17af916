import type { ComponentChildren } from 'preact';
import { themeColor } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

const sizes = { xs: '1.5rem', sm: '2.5rem', md: '4rem', lg: '6rem', xl: '8rem' };

/** A progress bar for assistive technology. A ring that turns stands for an unknown value. */
export function CircularProgress({ props, own }: ElementProps<'circularProgress'>): ComponentChildren {
  const { value, label, color = 'primary', size = 'md' } = props;
  const { style, ...outer } = own.whole(
    `radial-progress text-${themeColor(color)}${value === null ? ' animate-spin' : ''}`,
  );
  const percent = value === null ? undefined : Math.round(value * 100);
  return (
    <div
      role="progressbar"
      aria-label="Progress"
      aria-valuenow={percent}
      {...outer}
      style={`--value:${percent ?? 25};--size:${sizes[size]};${style ?? ''}`}
    >
      {label !== false && percent !== undefined && <span class="edgewise-figure">{`${percent}%`}</span>}
    </div>
  );
}
