/** The codes that the product's source documents describe: the HTTP status documents and Cloudflare's own. */
export const DOCUMENTED_CODES = [
  100, 101, 102, 103,
  200, 201, 202, 203, 204, 205, 206, 207, 208, 226,
  300, 301, 302, 303, 304, 305, 306, 307, 308,
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418,
  421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499,
  500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
  520, 521, 522, 523, 524, 525, 526, 530,
]

/** Ids that others rely on: alerts, links and saved reports name them. */
export const FIXED_CAUSES = [
  '400/malformed-request', '401/missing-credentials', '403/origin-permission', '403/waf-managed-rule',
  '403/waf-custom-rule', '403/browser-integrity-check', '403/security-level', '403/ip-access-rule',
  '403/uncovered-subdomain', '404/missing-resource', '404/cached', '405/method-not-allowed', '408/request-timeout',
  '409/edge-dns-resolution', '409/origin-conflict', '412/precondition-failed', '413/edge-upload-limit',
  '413/origin-upload-limit', '414/uri-over-limit', '416/range-not-satisfiable', '429/edge-rate-limit',
  '429/origin-rate-limit', '451/legal-demand', '499/client-closed', '499/slow-origin', '500/origin-error',
  '500/worker-exception', '501/worker-method', '502/origin-gateway-error', '502/edge-gateway-error',
  '503/origin-overload', '503/edge-unavailable', '503/worker-limit', '504/origin-gateway-timeout',
  '504/edge-gateway-timeout', '520/unexpected-origin-response', '521/origin-refused', '522/connection-timeout',
  '523/origin-unreachable', '524/origin-timeout', '525/tls-handshake-failed', '526/invalid-certificate', '530/origin-dns',
]
