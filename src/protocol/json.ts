/** What a prop, an event value or a frame may hold: the values JSON can carry without loss. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** A value by its key. */
  readonly [key: string]: Json | undefined;
}
