/** Names behind which passwords and keys stand; their values go into no report. */
const SECRET_NAMES = /auth|cookie|credential|token|key|secret|passw|pwd/i;

/** User and password of a URL. */
const URL_USER = /(\w:\/\/)[^/@\s]+@/g;

/** What stands in a report instead of a secret. */
export const SECRET = '<secret>';

/** Whether the value of this header or environment variable is nobody else's business. */
export function isSecret(name: string): boolean {
  return SECRET_NAMES.test(name);
}

/** A value as a report may show it: secrets by their name, and users and passwords within URLs, are left out. */
export function withoutSecrets(name: string, value: string): string {
  return isSecret(name) ? SECRET : value.replace(URL_USER, `$1${SECRET}@`);
}
