/** Loaded before a program: its wall clock is off by what the parent says over IPC, `{ shiftMs }`; the monotonic clock is not. */
const RealDate = Date;
let shiftMs = 0;

class ShiftedDate extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + shiftMs] : given) as [number]));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;

process.on("message", (message: { shiftMs?: number }) => {
  if (message.shiftMs !== undefined) shiftMs = message.shiftMs;
});
