import { safeUrl } from '../protocol/index.ts';
import type { ContentSecurityPolicy } from './csp.ts';

/** Elements to add to the head of every document. */
export interface HeadOptions {
  /** Style sheets, by their addresses. Each other host is added to the Content-Security-Policy. @default none */
  readonly styles?: readonly string[];
  /** ES modules for the browser, by their addresses. Each other host is added to the policy. @default none */
  readonly modules?: readonly string[];
  /** Links such as `{ rel: 'preconnect', href: 'https://fonts.example' }`, with their attributes. @default none */
  readonly links?: readonly Readonly<Record<string, string>>[];
  /** Metadata such as `{ name: 'description', content: 'Orders' }`. @default none */
  readonly metas?: readonly Readonly<Record<string, string>>[];
}

/**
 * Returns options whose addresses and attributes cannot be code.
 *
 * @throws {TypeError} for an address that could, and for an attribute that is code.
 */
export function checkedHead(head: HeadOptions): HeadOptions {
  const { styles = [], modules = [], links = [], metas = [] } = head;
  for (const address of [...styles, ...modules, ...links.map(({ href = '' }) => href)]) {
    if (safeUrl(address) === undefined)
      throw new TypeError(`The head was given the address ${JSON.stringify(address)}, which is code.`);
  }
  for (const name of [...links, ...metas].flatMap((attributes) => Object.keys(attributes))) {
    if (!/^[a-z][a-z-]*$/i.test(name) || /^(on|http-equiv$)/i.test(name)) {
      throw new TypeError(
        `The head was given the attribute ${JSON.stringify(name)}. Use plain attributes such as rel, href, name or content.`,
      );
    }
  }
  return head;
}

/** Returns both heads as one. */
export function joinHeads(one: HeadOptions, other: HeadOptions): HeadOptions {
  const join = <T>(a: readonly T[] = [], b: readonly T[] = []) => [...a, ...b];
  return {
    styles: join(one.styles, other.styles),
    modules: join(one.modules, other.modules),
    links: join(one.links, other.links),
    metas: join(one.metas, other.metas),
  };
}

/** Returns the elements of the head, each with its attributes. */
export function headElements({
  styles = [],
  modules = [],
  links = [],
  metas = [],
}: HeadOptions): [tag: string, attributes: Readonly<Record<string, string>>][] {
  return [
    ...metas.map((attributes): [string, typeof attributes] => ['meta', attributes]),
    ...links.map((attributes): [string, typeof attributes] => ['link', attributes]),
    ...styles.map((href): [string, Record<string, string>] => ['link', { rel: 'stylesheet', href }]),
    ...modules.map((src): [string, Record<string, string>] => ['script', { type: 'module', src }]),
  ];
}

/** Returns the sources that the head needs in the Content-Security-Policy: the hosts of its styles and modules. */
export function headSources({ styles = [], modules = [], links = [] }: HeadOptions): ContentSecurityPolicy {
  const sheets = links.filter(({ rel }) => rel === 'stylesheet').map(({ href = '' }) => href);
  return { 'style-src': hostsOf([...styles, ...sheets]), 'script-src': hostsOf(modules) };
}

function hostsOf(addresses: readonly string[]): string[] {
  return addresses.flatMap((address) => (URL.canParse(address) ? [new URL(address).origin] : []));
}
