export const CREATES: readonly string[] = [];
