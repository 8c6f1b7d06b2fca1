/** Descriptors of connections that come and go by chance, a few dozen at a time; a leak of them is ten times that. */
export const COMING_AND_GOING = { fds: 60 } as const;
