import type { ComponentChildren } from 'preact';
import { loadAgain, sourceOf } from '../source.ts';
import type { ElementProps } from '../types.ts';

export function Image({ own, props }: ElementProps<'image'>): ComponentChildren {
  const { src, alt, fit, lazy, version } = props;
  return (
    // `loading` must come before `src`.
    <img
      {...own.whole(fit ? `max-w-full edgewise-fit-${fit}` : 'max-w-full')}
      loading={lazy ? 'lazy' : undefined}
      src={sourceOf(src, version)}
      alt={alt}
      onError={loadAgain}
    />
  );
}
