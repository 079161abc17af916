import type { ComponentChildren } from 'preact';

/** The texts that the browser suggests for the field that names the list by its `list` attribute. */
export function Suggestions({
  id,
  texts,
}: {
  readonly id: string;
  readonly texts: readonly string[];
}): ComponentChildren {
  return (
    <datalist id={id}>
      {texts.map((text) => (
        <option key={text} value={text} />
      ))}
    </datalist>
  );
}
