/** A newcomer opens the printed link, becomes the first administrator and lands in the console. */
import { expect, test } from "./fixtures/console.ts";
import { ADMIN, ADMIN_STATE, productFacts } from "./fixtures/product.ts";

test("a newcomer becomes the first administrator", async ({ page, context }) => {
  await page.goto("/");
  await expect(page, "nobody can sign in yet").toHaveURL(/\/setup/);

  await page.goto(productFacts().setupLink);
  await expect(page.getByRole("heading", { level: 1, name: "Create the administrator" })).toBeVisible();
  await page.getByLabel("Name").fill(ADMIN.name);
  await page.getByLabel("Email").fill(ADMIN.email);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("too short");
  await page.getByRole("button", { name: "Create and continue" }).click();
  // Once under the field while it is typed, once as what stopped the form.
  await expect(page.getByText("Use at least 12 characters; this has 9.", { exact: true })).toHaveCount(2);

  await password.fill(ADMIN.password);
  await page.getByRole("button", { name: "Create and continue" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Watch your first service" })).toBeVisible();
  await page.getByRole("link", { name: /skip/i }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await expect(page.getByText("First steps")).toBeVisible();
  await context.storageState({ path: ADMIN_STATE });
});

test("the setup link works once", async ({ page }) => {
  await page.goto(productFacts().setupLink);
  await expect(page).toHaveURL(/\/sign-in/);
});
