/**
 * Where the platform runs the objects of an application: a choice before launch.
 * Objects of one jurisdiction are not those of another, so a later change begins with empty sessions.
 */
export interface Residency {
  /**
   * The jurisdiction in which the objects run and store their data, such as `eu`. It holds for sessions and shared values, not
   * for the Workers in front of them. A change starts every session and every shared value anew.
   *
   * @default none: each object runs near the visitor who first used it
   */
  readonly jurisdiction?: 'eu' | 'us' | 'fedramp' | 'fedramp-high';
  /**
   * The region near which new objects run, such as `weur` for western Europe. Existing objects stay where they are.
   *
   * @default near the visitor who first used the object
   */
  readonly locationHint?:
    | 'wnam'
    | 'enam'
    | 'sam'
    | 'weur'
    | 'eeur'
    | 'apac'
    | 'apac-ne'
    | 'apac-se'
    | 'oc'
    | 'afr'
    | 'me';
}

/** How a Worker finds the objects of its application: by these bindings, in this place. */
export interface ObjectBindings extends Residency {
  /** Name of the binding of sessions. */
  readonly session: string;
  /** Name of the binding of shared signals and jobs. */
  readonly shared: string;
}

const jurisdictions = ['eu', 'us', 'fedramp', 'fedramp-high'];
const regions = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'apac-ne', 'apac-se', 'oc', 'afr', 'me'];

/** @throws {TypeError} for a jurisdiction or a region that the platform does not have. */
export function checkResidency({ jurisdiction, locationHint }: Residency): void {
  check('jurisdiction', jurisdiction, jurisdictions);
  check('locationHint', locationHint, regions);
}

function check(option: string, given: string | undefined, known: readonly string[]): void {
  if (given === undefined || known.includes(given)) return;
  throw new TypeError(`The option ${option} is one of ${known.join(', ')}; it was given ${JSON.stringify(given)}.`);
}

/** Returns a fresh stub of an object. The same name in another jurisdiction is another object. */
export function objectStub(
  namespace: DurableObjectNamespace,
  name: string,
  { jurisdiction, locationHint }: Residency,
): DurableObjectStub {
  const place = jurisdiction === undefined ? namespace : within(namespace, jurisdiction);
  const id = place.idFromName(name);
  return locationHint === undefined ? place.get(id) : place.get(id, { locationHint });
}

function within(namespace: DurableObjectNamespace, jurisdiction: DurableObjectJurisdiction): DurableObjectNamespace {
  try {
    return namespace.jurisdiction(jurisdiction);
  } catch (error) {
    // A local workerd is one machine, and refuses.
    if (String(error).includes('not implemented in workerd')) return namespace;
    throw error;
  }
}
