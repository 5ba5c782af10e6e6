import { describe, expect, it } from "vitest";
import { completeAddress, emptyService, nameOfAddress, toServiceInput } from "./service-values.ts";

describe("service form values", () => {
  it.each([
    ["shop.example/health", "https://shop.example/health"],
    [" http://shop.example ", "http://shop.example"],
    ["localhost:3000/health", "http://localhost:3000/health"],
    ["127.0.0.1:80", "http://127.0.0.1:80"],
    ["", ""],
  ])("completes the address %s", (typed, address) => expect(completeAddress(typed)).toBe(address));

  it("names a service by its host", () => {
    expect([nameOfAddress("https://www.shop.example/health"), nameOfAddress("http://localhost:3000"), nameOfAddress("nonsense")]).toEqual([
      "shop.example", "localhost:3000", "",
    ]);
  });

  it("leaves empty optional fields to the server", () => {
    const input = toServiceInput({ ...emptyService(), name: "Search", links: [{ label: "", url: " " }] });
    expect(input).toMatchObject({ name: "Search", tier: 2, repositoryUrl: null, links: [] });
    expect(input).not.toHaveProperty("slug");
  });
});
