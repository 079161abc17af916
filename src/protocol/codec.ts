import type { DownFrame, EventFrame, Op, UpFrame } from './frames.ts';
import type { Json } from './json.ts';
import { limits } from './limits.ts';

/** The error for a frame that breaks the protocol. Its message names the rule, for logs and developers. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

/** Encodes a frame as text. */
export function encode(frame: UpFrame | DownFrame): string {
  return JSON.stringify(frame);
}

/**
 * Reads a frame from a browser. All input of strangers passes here. Later code may rely on shapes and sizes, but not on
 * meanings: the node may not exist, and the value may not fit.
 *
 * @throws {ProtocolError} for anything that is not a well-formed frame within {@link limits}.
 */
export function decodeUp(data: unknown): UpFrame {
  if (typeof data !== 'string') throw new ProtocolError('A frame is text; binary frames are not part of the protocol.');
  if (data.length > limits.upFrame) {
    throw new ProtocolError(`A frame has at most ${limits.upFrame} characters; this one has ${data.length}.`);
  }
  const frame = parse(data);
  if (frame === undefined) throw new ProtocolError('A frame is JSON; this text is not.');
  if (!Array.isArray(frame)) throw new ProtocolError('A frame is a JSON array.');
  const first: unknown = frame[0];
  if (typeof first === 'number') return eventFrame(frame);
  if (first === 'a') {
    if (frame.length !== 2) throw new ProtocolError('An acknowledgement is ["a", frame].');
    return ['a', count(frame[1], 'The frame of an acknowledgement')];
  }
  if (first === 'h') {
    if (frame.length !== 6) throw new ProtocolError('A hello is ["h", version, build, epoch, frame, events].');
    const [, version, build, epoch, number, events] = frame;
    if (typeof build !== 'string' || build.length > 128)
      throw new ProtocolError('The build in a hello is a short text.');
    if (!Array.isArray(events)) throw new ProtocolError('The events in a hello are an array.');
    if (events.length > limits.helloEvents) {
      throw new ProtocolError(`A hello carries at most ${limits.helloEvents} events; this one has ${events.length}.`);
    }
    return [
      'h',
      count(version, 'The version in a hello'),
      build,
      count(epoch, 'The epoch in a hello'),
      count(number, 'The frame in a hello'),
      events.map((event: unknown) => {
        if (!Array.isArray(event)) throw new ProtocolError('An event is an array.');
        return eventFrame(event);
      }),
    ];
  }
  throw new ProtocolError('A frame begins with an event number, "a" or "h".');
}

/**
 * Reads a frame from the session. Because the sender is our own server, it checks only damage that a proxy could cause.
 *
 * @throws {ProtocolError} when the text is no frame.
 */
export function decodeDown(data: unknown): DownFrame {
  const frame = parse(data);
  const first: unknown = Array.isArray(frame) && frame[0];
  const known = typeof first === 'number' || ['a', 'w', 's', 't', 'x'].includes(first as string);
  if (!known) throw new ProtocolError('No frame begins so.');
  return frame as DownFrame;
}

/** Returns true for the op that sets or deletes a prop. All other ops begin with a sign. */
export function isSet(op: Op): op is readonly [number, string, Json?] {
  return typeof op[0] === 'number';
}

/** Returns the value of a JSON text, and undefined for any other. */
function parse(text: unknown): unknown {
  try {
    return JSON.parse(text as string);
  } catch {
    return undefined;
  }
}

function eventFrame(frame: unknown[]): EventFrame {
  if (frame.length < 3 || frame.length > 5)
    throw new ProtocolError('An event is [number, target, event, value?, base?].');
  if (count(frame[0], 'The number of an event') === 0) throw new ProtocolError('Event numbers start at 1.');
  checkTarget(frame[1]);
  const name = frame[2];
  if (typeof name !== 'string' || name.length === 0 || name.length > limits.eventName) {
    throw new ProtocolError(`The name of an event is a text of 1 to ${limits.eventName} characters.`);
  }
  const value = frame[3];
  if (frame.length > 3) measure(value, 0, { left: limits.valueEntries });
  if (frame.length > 4) {
    const base = count(frame[4], 'The base of an event');
    if (typeof value !== 'string' || base > value.length) {
      throw new ProtocolError('The base of an event is a number of characters of its text.');
    }
  }
  return frame as unknown as EventFrame;
}

function checkTarget(target: unknown): void {
  if (!Array.isArray(target)) {
    count(target, 'The node of an event');
    return;
  }
  if (target.length !== 2) throw new ProtocolError('The target of an event is a node, or [node, aim].');
  count(target[0], 'The node of an event');
  const aim: unknown = target[1];
  // Whether it has other letters does not matter: it is only compared, and then differs from each that a page makes.
  if (typeof aim !== 'string' || aim.length < 2 || aim.length > 17) {
    throw new ProtocolError('The aim of an event is a text of 2 to 17 letters.');
  }
}

function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ProtocolError(`${what} is a whole number from 0 up.`);
  }
  return value;
}

function measure(value: unknown, depth: number, budget: { left: number }): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= limits.valueDepth) throw new ProtocolError(`An event value nests at most ${limits.valueDepth} deep.`);
  for (const key of Object.keys(value)) {
    if (--budget.left < 0) throw new ProtocolError(`An event value has at most ${limits.valueEntries} entries.`);
    if (key === '__proto__') throw new ProtocolError('An event value has no key "__proto__".');
    measure((value as Record<string, unknown>)[key], depth + 1, budget);
  }
}
