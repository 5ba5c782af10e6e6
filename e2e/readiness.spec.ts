import { expect, test } from "./fixtures/console.ts";

test("an operator opens readiness", async ({ page }) => {
  await page.goto("/readiness");
  await expect(page.getByRole("heading", { level: 1, name: "Readiness" })).toBeVisible();
});
