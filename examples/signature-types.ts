// What server and browser know of the component `signature`.

export interface Props {
  readonly color: string;
}

export interface Events {
  readonly signed: { readonly strokes: number };
}

export interface Methods {
  clear(): void;
  picture(): string;
}
