export { aimOf, aroundOf, type Level, levelsOf, saw, sawPlain, textOf, withoutNumbers } from './aim.ts';
export { decodeDown, decodeUp, encode, isSet, ProtocolError } from './codec.ts';
export type {
  Aimed,
  AppendOp,
  CallOp,
  DownAckFrame,
  DownFrame,
  EndFrame,
  EndReason,
  EventFrame,
  HelloFrame,
  InsertOp,
  MoveOp,
  NodeId,
  NodeLiteral,
  Op,
  Paint,
  PatchFrame,
  Props,
  RemoveOp,
  SetOp,
  SnapshotFrame,
  UpAckFrame,
  UpFrame,
  WelcomeFrame,
} from './frames.ts';
export { nodeOf, protocolVersion } from './frames.ts';
export type { Json, JsonObject } from './json.ts';
export { families, isKind, kindNames, traitsOf } from './kinds/families.ts';
export type {
  CommonProps,
  EventSpec,
  Kind,
  KindProps,
  KindRule,
  KindTraits,
  NotificationType,
  PropsOf,
} from './kinds/index.ts';
export { isTwoWay, ruleOf } from './kinds/index.ts';
export { clientLimits, limits } from './limits.ts';
export type { MirrorHost, MirrorNode } from './mirror.ts';
export { Mirror, same } from './mirror.ts';
