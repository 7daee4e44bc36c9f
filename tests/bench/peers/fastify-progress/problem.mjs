// What a failed request is answered with (RFC 9457).
import { STATUS_CODES } from 'node:http';

/** Codes of what Fastify itself refuses. */
const own = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is longer than this endpoint accepts. Send less at once.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body with the header `content-type: application/json`.'],
};

export class Problem extends Error {
  /** @param {number} status @param {string} code stable, for programs @param {string} detail what to do, for people */
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  /** What any error is outside. @param {Error & {code?: string, statusCode?: number, validation?: unknown}} error */
  static of(error) {
    if (error instanceof Problem) {
      return error;
    }
    if (error.validation) {
      return new Problem(422, 'invalid_body', error.message);
    }
    const known = own[error.code];
    return known ? new Problem(error.statusCode, ...known) : new Problem(500, 'internal', 'The server failed.');
  }

  /** @param {string} requestId */
  document(requestId) {
    return {
      type: `urn:scormbridge:problem:${this.code}`,
      title: STATUS_CODES[this.status],
      status: this.status,
      code: this.code,
      detail: this.message,
      request_id: requestId,
    };
  }
}
