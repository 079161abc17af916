export { App, type AppOptions, type BindingsOf } from './app.ts';
export type { ContentSecurityPolicy } from './csp.ts';
export type { DevelopmentBindings } from './development.ts';
export type { DocumentOptions } from './document.ts';
export type { HeadOptions } from './head.ts';
export { type PageBuilder, PageContext } from './page-context.ts';
export { ConfigurationError, type IdentityBindings } from './session-cookie.ts';
export type { StaticSource } from './static.ts';
