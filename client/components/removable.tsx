import type { ComponentChildren } from 'preact';

interface RemovableProps {
  readonly text: string;
  readonly disabled: boolean;
  readonly onRemove: () => void;
}

/** A text in a field, with a button that removes it. */
export function Removable({ text, disabled, onRemove }: RemovableProps): ComponentChildren {
  return (
    <span class="badge badge-soft badge-sm">
      {text}
      <button type="button" class="edgewise-clear" aria-label={`Remove ${text}`} disabled={disabled} onClick={onRemove}>
        ✕
      </button>
    </span>
  );
}
