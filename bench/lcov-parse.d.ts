/** The library has no types of its own. */
declare module "lcov-parse" {
  export default function parse(file: string, done: (error: unknown, records: unknown) => void): void;
}
