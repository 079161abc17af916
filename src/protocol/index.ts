export {
  type AimTexts,
  aimFrom,
  aimOf,
  aroundOf,
  hasNumbers,
  type Level,
  levelsOf,
  saw,
  sawPlain,
  textOf,
  textsOf,
  withoutNumbers,
} from './aim.ts';
export { decodeDown, decodeUp, encode, isSet, ProtocolError } from './codec.ts';
export { fileSize } from './file-size.ts';
export type {
  Aimed,
  AppendOp,
  CommandOp,
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
export { toggled } from './kinds/field.ts';
export type {
  Align,
  Choice,
  Color,
  Columns,
  CommonProps,
  EditorTool,
  EventSpec,
  Field,
  Kind,
  KindProps,
  KindRule,
  KindTraits,
  Labelled,
  LatLng,
  Look,
  MapShape,
  NotificationPosition,
  NotificationType,
  Option,
  Panel,
  PropsOf,
  Series,
  Size,
  StickyPosition,
  TreeItem,
  UploadItem,
  Variant,
} from './kinds/index.ts';
export { isTwoWay, ruleOf } from './kinds/index.ts';
export { bytesInFlight, framesInFlight, limits, pendingEvents, upFrame } from './limits.ts';
export { isAllowedTag, type Markup, type MarkupAttributes, markupText } from './markup.ts';
export type { MirrorHost, MirrorNode } from './mirror.ts';
export { literalOf, Mirror } from './mirror.ts';
export { deepestMarkup, isPlainAttribute, isSafeAttribute, readRichText } from './rich-text.ts';
export { formatRichText } from './rich-text-format.ts';
export { safeUrl } from './safe-url.ts';
export { same } from './same.ts';
export { isSecret } from './secret.ts';
export { isColor, type ThemeColor, type ThemeColors, themeVariables } from './theme.ts';
export { typedOn } from './typing.ts';
export { formatVisit, type Moved, parseVisit, type Visit, visitHeader, visitType } from './visit.ts';
