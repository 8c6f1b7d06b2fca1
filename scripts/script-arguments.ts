import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Options of a script: each takes a value and has a default, or none. */
type Options = Readonly<Record<string, { readonly type: 'string'; readonly default?: string }>>;

/**
 * The values of a script's options. Prints the usage and ends 0 for `--help`; ends 4 with one line for what it does
 * not know.
 */
export function scriptArguments<O extends Options>(
  usage: string,
  options: O,
): {
  readonly [Name in keyof O]: O[Name] extends { readonly default: string } ? string : string | undefined;
} {
  try {
    const config = { options: { ...options, help: { type: 'boolean' } } } as const satisfies ParseArgsConfig;
    const { values } = parseArgs(config);
    if ((values as { help?: boolean }).help === true) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    return values as never;
  } catch (error) {
    return endWith(`${(error as Error).message}\n${usage}`);
  }
}

/** A choice among names; all of them where none was asked for. Ends 4 naming them for one that is not there. */
export function chosen<Name extends string>(
  only: string | undefined,
  names: readonly Name[],
): readonly Name[] {
  if (only === undefined) return names;
  const found = names.filter((name) => name === only);
  return found.length > 0 ? found : endWith(`--only ${only}: one of ${names.join(', ')}`);
}

/** A whole number of at least 1. Ends 4 naming the option. */
export function wholeNumber(name: string, text: string): number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : endWith(`--${name} ${text}: a whole number from 1`);
}

function endWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(4);
}
