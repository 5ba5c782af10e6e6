/** An operator looks at the limits, proposes a figure, puts one in force and takes it back. */
import { expect, test } from "./fixtures/console.ts";

test("limits are seen, tried, changed and put back", async ({ page }) => {
  await page.goto("/limits");
  await expect(page.getByRole("heading", { level: 1, name: "Limits" })).toBeVisible();
  const limits = page.getByRole("table", { name: "Limits" });
  await expect(limits).toContainText("5 / 15 min");
  await expect(page.getByText("No address is blocked.")).toBeVisible();

  const limit = limits.getByRole("row", { name: /^Status checks .*per caller/ });
  const change = limit.getByRole("button", { name: "Change Status checks per caller" });
  await expect(limit).toContainText("100 / min");
  await change.click();
  const dialog = page.getByRole("dialog", { name: "Status checks, per caller" });
  await dialog.getByLabel("Calls allowed per min").fill("80");
  await expect(dialog.getByText(/80 calls would have refused/)).toBeVisible();
  await dialog.getByRole("button", { name: "Propose" }).click();
  await expect(dialog).toBeHidden();
  await expect(limit).toContainText("would refuse nothing in 24 h");
  await expect(limit).toContainText("100 / min");

  await change.click();
  await dialog.getByRole("button", { name: "Put in force" }).click();
  await expect(dialog).toBeHidden();
  await expect(limit).toContainText("80 / min");

  await change.click();
  await dialog.getByRole("button", { name: "Back to 100" }).click();
  await expect(dialog).toBeHidden();
  await expect(limit).toContainText("100 / min");
});
