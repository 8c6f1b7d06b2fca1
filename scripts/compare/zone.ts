/** The zone that both resolvers are asked about: every type, chains, a wildcard, sets of all sizes. */
export const ZONE = 'compare.example';
/** A second zone, to which aliases lead. */
export const OTHER = 'other.example';

/** Types with a record at `all.<zone>`, and their data as in a master file. */
export const TYPES: Readonly<Record<string, readonly [number: number, data: string]>> = {
  A: [1, '192.0.2.1'],
  NS: [2, `ns.${OTHER}.`],
  MD: [3, 'md.compare.example.'],
  MINFO: [14, 'rmail.compare.example. email.compare.example.'],
  PTR: [12, `Target.${ZONE}.`],
  HINFO: [13, '"CPU x" "OS y"'],
  MX: [15, `10 mail.${ZONE}.`],
  TXT: [16, '"one" "two \\"quoted\\"" ""'],
  RP: [17, `mbox.${ZONE}. txt.${ZONE}.`],
  AFSDB: [18, `1 afs.${ZONE}.`],
  RT: [21, `2 relay.${OTHER}.`],
  AAAA: [28, '2001:db8::1'],
  LOC: [29, '51 30 12.748 N 0 7 39.612 W 0.00m 0.00m 0.00m 0.00m'],
  SRV: [33, `1 2 853 service.${ZONE}.`],
  NAPTR: [35, `100 10 "u" "sip+E2U" "!^.*$!sip:x@y!" .`],
  KX: [36, `5 kx.${ZONE}.`],
  CERT: [37, '1 2 3 AQIDBA=='],
  APL: [42, '1:192.0.2.0/24'],
  DS: [43, '1 8 2 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
  SSHFP: [44, '4 2 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
  TLSA: [52, '3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'],
  OPENPGPKEY: [61, 'AQIDBAUGBwg='],
  SVCB: [64, `1 svc.${ZONE}. alpn=h2`],
  HTTPS: [65, '1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.7'],
  SPF: [99, '"v=spf1 -all"'],
  URI: [256, '1 2 "https://compare.example/"'],
  CAA: [257, '0 issue "ca.example"'],
  TYPE65280: [65_280, '\\# 4 0a000001'],
  TYPE65534: [65_534, '\\# 0'],
};
/** Types asked for at names that have none of them. */
export const ABSENT_TYPES: readonly number[] = [1, 2, 5, 6, 12, 15, 16, 28, 33, 39, 43, 52, 65, 257, 65_281];

/** Sizes of TXT sets in records, from what fits everywhere to what needs TCP. */
export const SET_SIZES: readonly number[] = [
  1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 20, 30, 35, 36, 37, 40, 60, 100, 200,
];
const SET_TEXT = 'x'.repeat(96);
export const CHAIN_LENGTH = 8;
const HEAD = (zone: string): string =>
  `$ORIGIN ${zone}.\n$TTL 300\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n@ IN NS ns\nns IN A 192.0.2.53\n`;

/** The main zone as a master file (RFC 1035 §5). */
export function zoneText(): string {
  const all = Object.entries(TYPES).map(([type, [, data]]) => `all IN ${type} ${data}`);
  const sets = SET_SIZES.flatMap((size) =>
    Array.from({ length: size }, (_, index) => `set${size} IN TXT "${index} ${SET_TEXT}"`),
  );
  const addresses = SET_SIZES.flatMap((size) =>
    Array.from({ length: size }, (_, index) => `set${size} IN A 198.51.${index >>> 8}.${index & 255}`),
  );
  const chain = Array.from({ length: CHAIN_LENGTH }, (_, index) => `c${index + 1} IN CNAME c${index}`);
  return `${HEAD(ZONE)}${[
    // A zone cut below the apex would make `all` a delegation.
    ...all.filter((line) => !/ IN (NS|DS) /.test(line)),
    ...sets,
    ...addresses,
    'c0 IN A 192.0.2.10',
    'c0 IN TXT "end of the chain"',
    ...chain,
    `away IN CNAME host.${OTHER}.`,
    `lost IN CNAME nothing.${OTHER}.`,
    'dangling IN CNAME nothing',
    'empty IN CNAME all-but.below',
    'all-but.below IN TXT "x"',
    '*.wild IN A 192.0.2.20',
    '*.wild IN TXT "from the wildcard"',
    '*.wild IN MX 5 mail',
    '*.alias IN CNAME c2',
    'own.wild IN A 192.0.2.21',
    'Mixed.CASE IN A 192.0.2.22',
    `${'l'.repeat(63)}.${'m'.repeat(63)}.${'n'.repeat(63)} IN A 192.0.2.23`,
    'odd\\.label IN A 192.0.2.24',
    'odd\\000\\255 IN A 192.0.2.25',
    '_sip._tcp IN SRV 0 0 5060 c0',
    '_gone._tcp IN SRV 0 0 0 .',
    'short 5 IN A 192.0.2.26',
    'zero 0 IN A 192.0.2.27',
    'long 1000000 IN A 192.0.2.28',
    'dn IN DNAME under',
    'host.under IN A 192.0.2.29',
    'under IN TXT "where DNAME leads"',
  ].join('\n')}\n`;
}

/** The other zone. */
export function otherText(): string {
  return `${HEAD(OTHER)}host IN A 192.0.2.40\nhost IN TXT "another zone"\nback IN CNAME c1.${ZONE}.\n`;
}
