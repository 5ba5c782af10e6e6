import { expect, test } from "./fixtures/console.ts";

test("an operator opens loadtests", async ({ page }) => {
  await page.goto("/loadtests");
  await expect(page.getByRole("heading", { level: 1, name: "Loadtests" })).toBeVisible();
});
