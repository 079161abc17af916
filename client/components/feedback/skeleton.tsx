import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

const sizes = { text: ['100%', '1lh'], rect: ['100%', '4rem'], circle: ['3rem', undefined] } as const;

export function Skeleton({ props, own }: ElementProps<'skeleton'>): ComponentChildren {
  const { type, still } = props;
  const [wide, high] = sizes[type] ?? sizes.rect;
  const { width = wide, height = high ?? props.width ?? '3rem' } = props;
  const { style, ...outer } = own.whole(type === 'circle' ? 'skeleton rounded-full' : 'skeleton');
  const gleam = still ? 'animation:none;background-image:none;' : '';
  return (
    <div
      aria-hidden="true"
      {...outer}
      style={`width:${width};height:${height};max-width:100%;${gleam}${style ?? ''}`}
    />
  );
}
