import { describe, expect, it } from "vitest";
import { noFilter, parseJobFilter } from "./job-filter.ts";

describe("the filter of job lists", () => {
  it.each([
    ["", {}],
    ["ABC", { text: ["abc"] }],
    ['"two words"', { text: ["two words"] }],
    ["id:12 -id:13", { id: { any: ["12"], none: ["13"] } }],
    ["name:Mail name:sms", { name: { any: ["mail", "sms"], none: [] } }],
    ['error:"timed out"', { error: { any: ["timed out"], none: [] } }],
    ["state:dead", { state: "dead" }],
    ["state:odd", { text: ["state:odd"] }],
    ["age:>1h", { age: [{ sign: ">", value: 3_600_000 }] }],
    ["age:5m", { age: [{ sign: ">", value: 300_000 }] }],
    ["age:soon", { text: ["age:soon"] }],
    ["priority:<=5 tried:3", { priority: [{ sign: "<=", value: 5 }], tried: [{ sign: "=", value: 3 }] }],
    ["data.customer.id:42", { data: [{ path: ["customer", "id"], value: "42", isNot: false }] }],
    ['-data.Name:"A B"', { data: [{ path: ["Name"], value: "A B", isNot: true }] }],
    ["data.__proto__.x:1", { data: [{ path: ["__proto__", "x"], value: "1", isNot: false }] }],
    ["queue:", { text: ["queue:"] }],
  ])("%s", (text, found) => expect(parseJobFilter(text)).toEqual({ ...noFilter(), ...found }));
});
