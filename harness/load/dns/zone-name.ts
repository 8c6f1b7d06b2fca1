import { usageError } from '../../core/errors.js';

/** Leaves room for the labels put in front of a zone within the 255 bytes of a name (RFC 1035 §3.1). */
const MAX_ZONE_CHARACTERS = 200;

/**
 * A zone's name in the one form used inside: lower case, no final dot.
 *
 * @throws HarnessError `usage` when it is no host-like DNS name
 */
export function normalizeZone(text: string): string {
  const zone = text.toLowerCase().replace(/\.$/, '');
  const labels = zone.split('.');
  if (zone.length > MAX_ZONE_CHARACTERS || !labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) {
    throw usageError(
      `"${text}" cannot be a zone: labels of letters, digits and hyphens, 63 characters each, ` +
        `${MAX_ZONE_CHARACTERS} in all`,
    );
  }
  return zone;
}
