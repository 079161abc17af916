// What server and browser know of the component `rating`.

export interface Props {
  readonly count: number;
}

export interface Events {
  readonly chosen: number;
}

export interface Methods {
  clear(): void;
}
