/** A value of a prop, an event or a frame: the values that JSON can carry without loss. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  /** The value of a key. */
  readonly [key: string]: Json | undefined;
}
