// What is compared: the same page with a counter, written for each contender, behind the same client.

/** A visitor of the counter page, with one connection. */
export interface Visitor {
  /** Clicks the first button, or the one with the text. Without a connection, it does what the contender's own client does: send later, or never. */
  click(text?: string): void;
  /** Called when the new count has arrived. */
  onanswer: () => void;
  /** Resolves when the effects of all clicks are as safe as the contender makes them. */
  settled(): Promise<void>;
  /** The count that the page shows now. */
  readonly shown: number;
  /** Ends the connection as a lost network does. */
  cut(): void;
  /** Connects again, as the contender's own client does when the network is back. Rejects when its page is lost. */
  reconnect(): Promise<void>;
}

export interface Contender {
  readonly name: ContenderName;
  /** Address of its server. */
  readonly url: URL;
  /** Opens a page in a fresh session and connects, by way of a proxy if an address is given. @default path '/counter' */
  visit(by?: URL, path?: string): Promise<Visitor>;
  /** Returns the CPU time of its server in ms. */
  cpu(): Promise<number>;
}

export type ContenderName = 'Edgewise' | 'bare echo' | 'bare write' | 'by hand' | 'Agents SDK' | 'NiceGUI';

export const ours = 'Edgewise';

/** Contenders that do less than a page does. They show what the platform itself costs. */
export const floors: readonly string[] = ['bare echo', 'bare write', 'by hand'] satisfies readonly ContenderName[];
