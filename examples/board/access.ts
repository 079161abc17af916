import { verifyWithJwks } from 'hono/jwt';
import { parse } from 'hono/utils/cookie';

export interface Bindings {
  /** The team's name at Cloudflare Access: `acme` of `acme.cloudflareaccess.com`. */
  readonly ACCESS_TEAM?: string;
  /** The audience tag of the Access application. */
  readonly ACCESS_AUDIENCE?: string;
  /** `development` on the author's own machine. */
  readonly ENVIRONMENT?: string;
}

/** The cookie that says who signs in on the author's own machine. */
export const mockCookie = 'board_user';

/** True on the author's own machine, where Access is not in front of the application. */
export function isMocked(request: Request, { ENVIRONMENT }: Bindings): boolean {
  return ENVIRONMENT === 'development' && ['localhost', '127.0.0.1'].includes(new URL(request.url).hostname);
}

/**
 * Returns the address of the user for whom Cloudflare Access vouches. Its header comes from the browser's side like any other, so
 * its signature is verified.
 */
export async function userOf(request: Request, env: Bindings): Promise<string | undefined> {
  if (isMocked(request, env)) return parse(request.headers.get('Cookie') ?? '', mockCookie)[mockCookie] || undefined;
  const token = request.headers.get('Cf-Access-Jwt-Assertion');
  const { ACCESS_TEAM: team, ACCESS_AUDIENCE: aud } = env;
  if (!token || !team || !aud) return undefined;
  const iss = `https://${team}.cloudflareaccess.com`;
  try {
    const { email } = await verifyWithJwks(token, {
      jwks_uri: `${iss}/cdn-cgi/access/certs`,
      allowedAlgorithms: ['RS256'],
      verification: { iss, aud },
    });
    return typeof email === 'string' ? email : undefined;
  } catch {
    return undefined; // expired, forged, or for another application
  }
}
