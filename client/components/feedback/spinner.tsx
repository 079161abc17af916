import type { ComponentChildren } from 'preact';
import { look, themeColor } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

export function Spinner({ props, own }: ElementProps<'spinner'>): ComponentChildren {
  const { size, color, label = 'Loading' } = props;
  const classes = `loading-spinner ${look('loading', { size })} ${color ? `text-${themeColor(color)}` : ''}`;
  return <span role="status" aria-label={label} {...own.whole(classes.trim())} />;
}
