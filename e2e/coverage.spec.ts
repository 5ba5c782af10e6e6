import { expect, test } from "./fixtures/console.ts";

test("an operator opens coverage", async ({ page }) => {
  await page.goto("/coverage");
  await expect(page.getByRole("heading", { level: 1, name: "Coverage" })).toBeVisible();
});
