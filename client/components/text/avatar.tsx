import type { ComponentChildren } from 'preact';
import { safeUrl } from '../../../src/protocol/index.ts';
import { themeColor } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import { loadAgain } from '../source.ts';
import type { ElementProps } from '../types.ts';

export function Avatar({ props, own }: ElementProps<'avatar'>): ComponentChildren {
  const { name, src, square, size = 'md', icon: shape } = props;
  const color = themeColor(props.color ?? 'neutral');
  const address = src && safeUrl(src, true);
  const shown = `edgewise-avatar edgewise-avatar-${size} bg-${color} text-${color}-content ${square ? 'rounded-field' : 'rounded-full'}`;
  return (
    <span role="img" aria-label={name} {...own.whole(shown)}>
      {address ? (
        <img src={address} alt="" loading="lazy" onError={loadAgain} />
      ) : (
        (icon(shape) ?? <span aria-hidden="true">{initials(name)}</span>)
      )}
    </span>
  );
}

/** Returns the first letters of the first and the last word of a name. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
