/** Version that the ready line, `--version` and `/health` report; a test keeps it equal to package.json's. */
export const VERSION = '0.1.0';
