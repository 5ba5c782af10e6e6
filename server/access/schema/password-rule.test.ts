import { expect, it } from "vitest";
import { passwordProblem } from "./password-rule.ts";

it.each(["a harbour at low tide", "Tr4in-Window-Seat", "ünïcödé is fine"])("accepts %s", (password) => {
  expect(passwordProblem(password, "maya@example.com")).toBeNull();
});

it.each([
  ["short", "Use at least 12 characters"],
  ["x".repeat(300), "Use at most 256 characters"],
  ["maya.lindqvist@example.com", "Do not use the email address"],
  ["maya.lindqvist", "Do not use the email address"],
  ["Password1234", "attackers try"],
  ["passw0rd!!!!", "attackers try"],
  ["changeme12345", "attackers try"],
  ["123456789012", "attackers try"],
  ["aaaaaaaaaaaaaa", "attackers try"],
  ["abababababab", "attackers try"],
  ["CorrectHorseBatteryStaple", "attackers try"],
])("refuses %s", (password, reason) => {
  expect(passwordProblem(password, "maya.lindqvist@example.com")).toContain(reason);
});
