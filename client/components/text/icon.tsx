import type { ComponentChildren } from 'preact';
import { themeColor } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

export function Icon({ props, own }: ElementProps<'icon'>): ComponentChildren {
  const { icon, color, size = 'md', label } = props;
  const classes = `iconify lucide--${icon} edgewise-icon-${size}${color ? ` text-${themeColor(color)}` : ''}`;
  const named = label ? { role: 'img' as const, 'aria-label': label } : { 'aria-hidden': 'true' as const };
  return <span {...named} {...own.whole(classes)} />;
}
