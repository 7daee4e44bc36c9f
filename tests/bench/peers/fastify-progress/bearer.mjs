// Who calls: a runtime token of the LMS, signed RS256.
import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { Problem } from './problem.mjs';

/** Where a new token would help the answer is 401, where this one is wrong here it is 403. */
const refusals = [
  [errors.JWTExpired, 401, 'token_expired', 'The token has expired; launch the course again.'],
  [errors.JWSSignatureVerificationFailed, 403, 'token_forged', 'The token was changed or forged; launch the course again.'],
  [errors.JWKSNoMatchingKey, 403, 'token_unknown_key', 'The token was signed with a key that is not configured.'],
  [errors.JOSEAlgNotAllowed, 403, 'token_algorithm', 'The token is signed in a way that is not accepted.'],
  [errors.JWSInvalid, 401, 'token_malformed', 'This is not a token; launch the course again.'],
];

/** @param {{keys: import('jose').JSONWebKeySet, issuer: string}} options */
export function bearerOf({ keys, issuer }) {
  const keySet = createLocalJWKSet(keys);
  const rules = { algorithms: ['RS256'], typ: 'runtime+jwt', issuer, requiredClaims: ['aud', 'sub', 'exp', 'iat', 'attempt'] };

  /**
   * The claims of a request's token, if it permits `scope`.
   * @param {import('node:http').IncomingHttpHeaders} headers @param {string} scope
   */
  return async function verify({ authorization, origin }, scope) {
    if (!authorization?.startsWith('Bearer ')) {
      throw new Problem(401, 'bearer_missing', 'Send the header `authorization: Bearer <runtime token>`.');
    }
    const claims = await open(authorization.slice(7), keySet, rules);
    if (origin !== undefined && origin !== claims.aud) {
      throw new Problem(403, 'token_audience', 'The token was issued for another origin.');
    }
    if (!claims.scopes.includes(scope)) {
      throw new Problem(403, 'token_scope', `The token does not permit "${scope}".`);
    }
    return claims;
  };
}

async function open(token, keySet, rules) {
  try {
    return (await jwtVerify(token, keySet, rules)).payload;
  } catch (error) {
    const known = refusals.find(([kind]) => error instanceof kind);
    if (known) {
      throw new Problem(...known.slice(1));
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw new Problem(403, `token_${{ iss: 'issuer', typ: 'type' }[error.claim] ?? 'claim'}`, error.message);
    }
    throw error;
  }
}
