import type { ComponentChildren } from 'preact';
import { safeUrl } from '../../../src/protocol/index.ts';
import { look } from '../../dom/index.ts';
import { loadAgain } from '../source.ts';
import type { ElementProps } from '../types.ts';

export function ChatMessage({ props, own, children }: ElementProps<'chatMessage'>): ComponentChildren {
  const { text, name, stamp, avatar, sent, color } = props;
  const address = avatar && safeUrl(avatar, true);
  const given: { color?: typeof color } = color ? { color } : sent ? { color: 'primary' } : {};
  return (
    <div {...own.whole(`chat w-full ${sent ? 'chat-end' : 'chat-start'}`)}>
      {address && (
        <div class="chat-image">
          <img class="edgewise-chat-image" src={address} alt="" loading="lazy" onError={loadAgain} />
        </div>
      )}
      {(name || stamp) && (
        <div class="chat-header">
          {name}
          {stamp && <span class="opacity-70">{stamp}</span>}
        </div>
      )}
      <div class={`${look('chat-bubble', given)} whitespace-pre-wrap`}>
        {text || null}
        {children}
      </div>
    </div>
  );
}
