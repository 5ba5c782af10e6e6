import { expect, it } from "vitest";
import { readAddress } from "./first-address.ts";

it.each([
  ["shop.example", "shop.example", "https://shop.example/"],
  [" http://www.shop.example:8080/health ", "shop.example:8080", "http://www.shop.example:8080/health"],
  ["127.0.0.1:3000/health", "127.0.0.1:3000", "http://127.0.0.1:3000/health"],
])("reads %s", (text, name, address) => {
  expect(readAddress(text)).toEqual({ name, address });
});

it.each(["", "two words", "https://", "ftp://shop.example"])("refuses %j", (text) => {
  expect(readAddress(text)).toBeNull();
});
