// The LMS server's API, called as people and programs call it.

/** @typedef {(method: string, path: string, body?: unknown) => Promise<any>} Caller */

/**
 * Signs in and returns a way to call the API as this person.
 * @param {string} url the server's origin
 * @param {{login: string, password: string}} person
 * @returns {Promise<Caller>}
 */
export function signIn(url, { login, password }) {
  return enter(url, '/api/auth/sign-in', { login, password });
}

/**
 * Signs in without a password, where a server allows that; makes the account if there is none.
 * @param {string} url
 * @param {string} login
 * @param {'student' | 'teacher' | 'admin'} role
 * @returns {Promise<Caller>}
 */
export function testSignIn(url, login, role) {
  return enter(url, '/api/auth/test-sign-in', { login, role });
}

/** @param {string} url @param {string} path @param {object} proof @returns {Promise<Caller>} */
async function enter(url, path, proof) {
  const headers = await session(url, path, proof);
  return async (method, to, sent) => (await call(url, method, to, headers, sent)).body;
}

/**
 * The headers of a browser that has just signed in.
 * @param {string} url @param {string} path @param {object} proof @returns {Promise<Record<string, string>>}
 */
export async function session(url, path, proof) {
  const { answer, body } = await call(url, 'POST', path, {}, proof);
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  return { cookie, 'x-csrf-token': body.csrf_token };
}

/**
 * One call that must succeed.
 * @param {string} url @param {string} method @param {string} path @param {Record<string, string>} headers @param {unknown} [sent]
 */
export async function call(url, method, path, headers, sent) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
  }
  return { answer, body: text === '' ? undefined : JSON.parse(text) };
}

/** The server listens before its store answers, to be able to say so; until then it takes no requests. @param {string} url */
export async function ready(url) {
  const end = Date.now() + 30_000;
  for (;;) {
    const response = await fetch(`${url}/readyz`);
    if (response.ok) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`lms-server is not ready: ${await response.text()}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}
