/** A page of the gallery, as its menu, its cards and its search name it. */
export interface Place {
  readonly title: string;
  readonly path: string;
  /** What it is, in a sentence. */
  readonly line: string;
  /** Name of an icon. @default none */
  readonly icon?: string;
  /** More words by which it is found, such as those of its code. @default none */
  readonly text?: string;
}

/** Pages that belong together, under one heading. */
export interface Group {
  readonly title: string;
  readonly places: readonly Place[];
}
