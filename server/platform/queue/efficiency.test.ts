import { describe, expect, test } from "vitest";
import { EfficiencyMeter, type KindLoad } from "./efficiency.ts";

const kind = (places: number, used: number, isSaturated: boolean): KindLoad => ({ places, used, isSaturated });

describe("efficiency of a worker (C70)", () => {
  test("an idle or half-used worker without a backlog has no efficiency, only busy time", () => {
    const meter = new EfficiencyMeter();
    meter.mark(0, { places: 4, kinds: [kind(2, 0, false)] });
    meter.mark(100, { places: 4, kinds: [kind(2, 1, false)] });
    expect(meter.read(300)).toEqual({ busyMs: 200, saturatedBusyMs: 0, saturatedPlaceMs: 0 });
  });

  test("time between two jobs while more wait is time lost", () => {
    const meter = new EfficiencyMeter();
    meter.mark(0, { places: 4, kinds: [kind(2, 2, true)] });
    meter.mark(90, { places: 4, kinds: [kind(2, 0, true)] });
    meter.mark(100, { places: 4, kinds: [kind(2, 2, true)] });
    expect(meter.read(100)).toEqual({ busyMs: 180, saturatedBusyMs: 180, saturatedPlaceMs: 200 });
  });

  test("saturated kinds cannot count more places than the others leave", () => {
    const meter = new EfficiencyMeter();
    meter.mark(0, { places: 4, kinds: [kind(4, 2, true), kind(4, 2, false)] });
    expect(meter.read(10)).toEqual({ busyMs: 40, saturatedBusyMs: 20, saturatedPlaceMs: 20 });
  });

  test("a place taken away by an operator does not count while its last job runs", () => {
    const meter = new EfficiencyMeter();
    meter.mark(0, { places: 4, kinds: [kind(1, 3, true)] });
    expect(meter.read(10)).toEqual({ busyMs: 30, saturatedBusyMs: 30, saturatedPlaceMs: 30 });
  });
});
