/** The process under test as the manifest and the verdict name it. */
export interface TargetInfo {
  readonly kind: 'built-in';
  readonly command: readonly string[];
  /** Null until it was launched. */
  readonly pid: number | null;
  /** Version as the target reports it; null when it does not. */
  readonly version: string | null;
  /** Addresses as the target reported them when ready, e.g. `{dns: "127.0.0.1:40001"}`. */
  readonly addresses: Readonly<Record<string, string>>;
}
