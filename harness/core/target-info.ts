/** The process under test as the manifest and the verdict name it. */
export interface TargetInfo {
  /** The node of leak-soak, a command that the run started, or a process that ran already. */
  readonly kind: 'built-in' | 'command' | 'attached';
  readonly command: readonly string[];
  /** Null until it was launched. */
  readonly pid: number | null;
  /** Version as the target reports it; null when it does not. */
  readonly version: string | null;
  /** Whether it runs Node, so that its heap can be read; null until it was seen. */
  readonly isNode: boolean | null;
  /** Addresses by service as the target reported them or as they were given, e.g. `{dns: "127.0.0.1:40001"}`. */
  readonly addresses: Readonly<Record<string, string>>;
}
