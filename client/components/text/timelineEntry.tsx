import type { ComponentChildren } from 'preact';
import { themeColor } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

export function TimelineEntry({ props, own, children }: ElementProps<'timelineEntry'>): ComponentChildren {
  const { title, subtitle, body, icon: shape } = props;
  const color = themeColor(props.color ?? 'primary');
  return (
    <li {...own.whole('edgewise-timeline-entry')}>
      <span class={`edgewise-timeline-mark bg-${color} text-${color}-content`}>{icon(shape)}</span>
      <div class="edgewise-timeline-text">
        {subtitle && <div class="text-sm opacity-70">{subtitle}</div>}
        <div class="font-semibold">{title}</div>
        {body && <div class="whitespace-pre-wrap">{body}</div>}
        {children}
      </div>
    </li>
  );
}
