/** Long work in pieces: between two of them the process answers whoever waits. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
